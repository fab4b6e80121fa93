"""The way from /ai-assistant/api/ to ormd without a reverse proxy: for development, since it holds a worker."""

import http.client
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.http import StreamingHttpResponse

from . import conf
from .problems import problem, uncached

SECONDS = 120
CHUNK = 65536
# Nothing else goes through: no cookie, no host, no forwarded-for, nothing about the connection.
TO_ORMD = [
    "Accept",
    "Accept-Language",
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "Last-Event-ID",
    "X-Request-ID",
]
TO_BROWSER = ["Cache-Control", "Content-Disposition", "Content-Type", "Retry-After", "WWW-Authenticate", "X-Request-Id"]


def allowed():
    """AI_ASSISTANT["PASS_THROUGH"]; where the site says nothing, while it is in DEBUG."""
    chosen = conf.get("PASS_THROUGH")
    return settings.DEBUG if chosen is None else bool(chosen)


def forward(request, rest):
    target = urlsplit(conf.ormd_url())
    connect = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}[target.scheme]
    connection = connect(target.hostname, target.port, timeout=SECONDS)
    headers = {name: request.headers[name] for name in TO_ORMD if name in request.headers}
    try:
        connection.request(request.method, path(request, target, rest), body=request.body or None, headers=headers)
        answer = connection.getresponse()
    except (OSError, http.client.HTTPException):
        connection.close()
        return problem(502, "unreachable", "The assistant's server cannot be reached.")
    return stream(connection, answer)


def path(request, target, rest):
    """ormd has the same addresses, whatever the site's prefix is."""
    query = request.META.get("QUERY_STRING", "")
    return target.path.rstrip("/") + "/ai-assistant/api/" + quote(rest) + (f"?{query}" if query else "")


def stream(connection, answer):
    response = StreamingHttpResponse(chunks(connection, answer), status=answer.status)
    del response["Content-Type"]
    for name in TO_BROWSER:
        value = answer.getheader(name)
        if value is not None:
            response[name] = value
    response["X-Accel-Buffering"] = "no"
    return response if "Cache-Control" in response else uncached(response)


def chunks(connection, answer):
    """As they come: read1 does not wait for a full chunk, so events pass at once."""
    try:
        while True:
            chunk = answer.read1(CHUNK)
            if not chunk:
                return
            yield chunk
    except (OSError, http.client.HTTPException):
        return  # ormd went away in the middle: the drawer asks again by event id
    finally:
        connection.close()
