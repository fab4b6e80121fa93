"""Places the drawer on the admin's pages, without any template of the site being changed."""

import re

from django.utils.deprecation import MiddlewareMixin
from django.utils.encoding import force_bytes

from . import placement

HTML_TYPES = ("text/html", "application/xhtml+xml")
HEAD_END = re.compile(rb"</head\s*>", re.IGNORECASE)
BODY_END = re.compile(rb"</body\s*>", re.IGNORECASE)


class AssistantMiddleware(MiddlewareMixin):
    """After AuthenticationMiddleware, and after whatever encodes responses."""

    def process_response(self, request, response):
        if not self.is_admin_page(request, response) or not placement.wanted(request):
            return response
        content = self.place(request, response)
        if content is not None:
            response.content = content
            if "Content-Length" in response:
                response["Content-Length"] = str(len(response.content))
        return response

    def is_admin_page(self, request, response):
        match = getattr(request, "resolver_match", None)
        return (
            match is not None
            and "admin" in match.app_names
            and not getattr(response, "streaming", False)
            and not response.has_header("Content-Encoding")
            and response.get("Content-Type", "").split(";")[0].strip().lower() in HTML_TYPES
            and not getattr(request, placement.MARK, False)
        )

    def place(self, request, response):
        """The page with the tags in it, or None where it is no whole page."""
        content = response.content
        ends = list(BODY_END.finditer(content))
        head = HEAD_END.search(content)
        if not ends or head is None or head.start() > ends[-1].start():
            return None
        setattr(request, placement.MARK, True)
        body = ends[-1].start()
        parts = [
            content[: head.start()],
            force_bytes(placement.head(), response.charset),
            content[head.start() : body],
            force_bytes(placement.body(request), response.charset),
            content[body:],
        ]
        return b"".join(parts)
