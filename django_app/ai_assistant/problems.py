"""RFC 9457 problem documents, as ormd answers them too."""

from django.http import JsonResponse

CODES = {"signed-out": "ORM701", "not-staff": "ORM704"}


def problem(status, name, title):
    found = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": "",
        "code": CODES.get(name, "ORM900"),
        "name": name,
        "request_id": "",
    }
    return uncached(JsonResponse(found, status=status, content_type="application/problem+json"))


def uncached(response):
    response["Cache-Control"] = "no-store, private"
    response["X-Content-Type-Options"] = "nosniff"
    return response
