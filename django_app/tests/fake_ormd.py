"""Stands in for the program ormd where a test is about Django's side: it answers what FAKE_ORMD says."""

import json
import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

ANSWERS = {
    "/healthz": (200, {"status": "ok"}),
    "/readyz": (200, {"status": "ok", "checks": {}}),
    **json.loads(os.environ.get("FAKE_ORMD", "{}")),
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        status, body = ANSWERS.get(self.path, (404, {}))
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *args):
        pass


if "dies" in os.environ.get("FAKE_ORMD_LIFE", ""):
    sys.exit("ormd: ORMC_SECRET is not set")
for number in (signal.SIGTERM, signal.SIGINT):
    signal.signal(number, lambda *_: sys.exit(0))
host, _, port = os.environ["ORMD_LISTEN"].partition(":")
print(json.dumps({"event": "started", "pid": os.getpid()}), file=sys.stderr, flush=True)
HTTPServer((host, int(port)), Handler).serve_forever()
