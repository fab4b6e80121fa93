"""Keys derived from a shared secret, signatures and encryption: docs/contract/storage.md says how, for ormd."""

import base64
import hashlib
import hmac
import os

from django.conf import settings
from django.utils.encoding import force_bytes

from . import conf

FIRST_KID = "k1"


class Unreadable(Exception):
    """A value that this site's secrets do not open."""


def secrets():
    """{kid: secret} shared with ormd: the first seals and signs, all open and verify."""
    several = conf.get("SECRETS") or named(conf.variable("ORMC_SECRETS") or "")
    if several:
        return dict(several)
    text = conf.get("SECRET") or conf.variable("ORMC_SECRET")
    if not text:
        text = hmac.new(force_bytes(settings.SECRET_KEY), b"ai_assistant.secret", hashlib.sha256).hexdigest()
    return {FIRST_KID: text}


def named(text):
    """{kid: secret} of "k2:SECRET,k1:SECRET"."""
    pairs = (part.partition(":") for part in text.split(",") if part)
    return {kid: secret for kid, _, secret in pairs}


def current():
    """(kid, secret) of the one that seals and signs."""
    return next(iter(secrets().items()))


def secret():
    return current()[1]


def derive(purpose, text=None):
    return hmac.new((text or secret()).encode(), purpose.encode(), hashlib.sha256).digest()


def sign(kind, name, body, text=None):
    """The HMAC of a published row; kind and name keep one row from standing in for another."""
    message = f"{kind}\n{name}\n{body}".encode()
    return hmac.new(derive("ormc-hmac-v1", text), message, hashlib.sha256).hexdigest()


def verify(kind, name, body, signature):
    return any(hmac.compare_digest(sign(kind, name, body, text), signature) for text in secrets().values())


def encrypt(plain, context):
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    kid, text = current()
    nonce = os.urandom(12)
    sealed = AESGCM(derive("ormc-encrypt-v1", text)).encrypt(nonce, plain.encode(), context.encode())
    return f"{kid}.{base64.urlsafe_b64encode(nonce + sealed).decode().rstrip('=')}"


def decrypt(stored, context):
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    kid, _, encoded = stored.partition(".")
    if kid not in secrets():
        raise Unreadable(kid)
    try:
        raw = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
        key = derive("ormc-encrypt-v1", secrets()[kid])
        return AESGCM(key).decrypt(raw[:12], raw[12:], context.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise Unreadable(kid) from error
