"""R24: a key goes only where Django's settings or the operator allow it."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from model_server import ModelServer, Status
from stack import Client, Ormd

CHECK = "settings/check"


def checked(site, token, **environment) -> tuple[str, str]:
    """What the check says, and why in the log."""
    with Ormd(site, OPENAI_API_KEY="sk-stolen", OPENAI_MODEL="stub", **environment) as ormd:
        status = Client(ormd, token("root")).get(CHECK).json["status"]
        return status, ormd.events("model_failed")[-1]["detail"]


@pytest.fixture
def configured(site, token):
    """What the check says where a superuser has set the address."""
    from ai_assistant.models import AIConfig

    config = AIConfig.load()
    before = config.base_url

    def check(base_url: str) -> str:
        AIConfig.objects.filter(pk=config.pk).update(base_url=base_url)
        changed = AIConfig.load()
        changed.save()
        return checked(site, token)

    yield check
    config.base_url = before
    config.save()


@pytest.mark.parametrize(
    "base_url",
    [
        "http://169.254.169.254/latest",
        "http://[fe80::1]/v1",
        "https://evil.example/v1",
        "http://api.openai.com/v1",
        "https://api.openai.com.evil.example/v1",
        "https://api.openai.com@evil.example/v1",
        "http://127.0.0.1.evil.example/v1",
        "http://localhost@evil.example/v1",
        "http://2852039166/v1",
        "file:///etc/passwd",
        "gopher://127.0.0.1/_x",
        "http://10.0.0.1/v1",
        "https://api.openai.com/v1?x=#",
    ],
)
def test_a_superuser_cannot_send_it_elsewhere(configured, base_url):
    assert configured(base_url) == ("not_allowed", "the base URL is not allowed")


@pytest.mark.parametrize(
    "host",
    [
        "169.254.169.254",
        "2852039166",
        "0xa9fea9fe",
        "[::ffff:169.254.169.254]",
        "[64:ff9b::a9fe:a9fe]",
        "[fe80::1]",
        "[fd00:ec2::254]",
        "100.100.100.200",
        "192.0.0.192",
    ],
)
def test_metadata_is_refused_after_resolution_even_to_the_operator(site, token, host):
    status, why = checked(site, token, OPENAI_BASE_URL=f"http://{host}:9/v1")
    assert status == "unreachable" and why.startswith("Host not found"), "nobody was called"


def test_a_redirect_is_not_followed(site, token):
    with ModelServer() as other:
        other.says(Status(200, "{}"))

        class Redirect(BaseHTTPRequestHandler):
            def do_POST(self):
                self.send_response(307)
                self.send_header("Location", f"{other.base_url}/chat/completions")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        first = HTTPServer(("127.0.0.1", 0), Redirect)
        threading.Thread(target=first.serve_forever, daemon=True).start()
        try:
            base_url = f"http://127.0.0.1:{first.server_port}/v1"
            assert checked(site, token, OPENAI_BASE_URL=base_url) == ("garbage", "HTTP 307")
            assert not other.requests
        finally:
            first.shutdown()
            first.server_close()
