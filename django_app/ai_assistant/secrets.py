"""Keys derived from one secret, signatures and encryption: docs/contract/storage.md says how, for ormd."""

import base64
import hashlib
import hmac
import os

from django.conf import settings
from django.utils.encoding import force_bytes

from . import conf

KID = "k1"


class Unreadable(Exception):
    """A value that this site's secret does not open."""


def secret():
    """The secret shared with ormd: AI_ASSISTANT["SECRET"], ORMC_SECRET, or derived from SECRET_KEY."""
    text = conf.get("SECRET") or conf.variable("ORMC_SECRET")
    if text:
        return text
    return hmac.new(force_bytes(settings.SECRET_KEY), b"ai_assistant.secret", hashlib.sha256).hexdigest()


def derive(purpose):
    return hmac.new(secret().encode(), purpose.encode(), hashlib.sha256).digest()


def sign(kind, name, body):
    """The HMAC of a published row; kind and name keep one row from standing in for another."""
    message = f"{kind}\n{name}\n{body}".encode()
    return hmac.new(derive("ormc-hmac-v1"), message, hashlib.sha256).hexdigest()


def verify(kind, name, body, signature):
    return hmac.compare_digest(sign(kind, name, body), signature)


def encrypt(plain, context):
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(12)
    sealed = AESGCM(derive("ormc-encrypt-v1")).encrypt(nonce, plain.encode(), context.encode())
    return f"{KID}.{base64.urlsafe_b64encode(nonce + sealed).decode().rstrip('=')}"


def decrypt(stored, context):
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    kid, _, text = stored.partition(".")
    if kid != KID:
        raise Unreadable(kid)
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        return AESGCM(derive("ormc-encrypt-v1")).decrypt(raw[:12], raw[12:], context.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise Unreadable(kid) from error
