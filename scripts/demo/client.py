"""What a member of staff's browser does, over HTTP: log in, take a token, ask."""

from __future__ import annotations

import http.cookiejar
import json
import re
import urllib.error
import urllib.parse
import urllib.request

API = "/ai-assistant/api"


class ClientError(RuntimeError):
    pass


class Client:
    def __init__(self, site_url: str):
        self.site_url = site_url
        self._cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),  # the site is on this machine
            urllib.request.HTTPCookieProcessor(self._cookies),
        )
        self._token = ""

    def _send(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[str, str]:
        """The body of the answer and the address where it came from, redirects followed."""
        request = urllib.request.Request(  # noqa: S310
            self.site_url + path,
            data=body,
            method=method,
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )
        try:
            with self._opener.open(request, timeout=60) as answer:
                return answer.read().decode(), answer.geturl()
        except urllib.error.HTTPError as error:
            text = error.read().decode(errors="replace")
            raise ClientError(f"{method} {path}: {error.code} {text[:500]}") from error

    def _csrf(self) -> str:
        return next(cookie.value for cookie in self._cookies if cookie.name == "csrftoken")

    def log_in(self, user: str, password: str) -> None:
        page, _ = self._send("GET", "/admin/login/")
        field = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        if field is None:
            raise ClientError("the login page has no CSRF field")
        form = {
            "csrfmiddlewaretoken": field.group(1),
            "username": user,
            "password": password,
            "next": "/admin/",
        }
        _, address = self._send(
            "POST",
            "/admin/login/",
            urllib.parse.urlencode(form).encode(),
            Referer=f"{self.site_url}/admin/login/",
        )
        if "/login/" in address:
            raise ClientError(f"the login of {user} was refused")

    def take_token(self) -> None:
        answer, _ = self._send(
            "POST",
            "/ai-assistant/token",
            b"",
            X_CSRFToken=self._csrf(),
            Referer=f"{self.site_url}/admin/",
        )
        self._token = json.loads(answer)["token"]

    def _api(self, path: str, body: dict) -> dict:
        answer, _ = self._send(
            "POST",
            API + path,
            json.dumps(body).encode(),
            Authorization=f"Bearer {self._token}",
            Content_Type="application/json",
            Accept="application/json",
        )
        return json.loads(answer)

    def new_chat(self) -> str:
        return self._api("/chats", {})["id"]

    def ask(self, chat: str, question: str) -> dict:
        """The answer's MESSAGE (docs/contract/http.md)."""
        return self._api(f"/chats/{chat}/message", {"content": question})["answer"]
