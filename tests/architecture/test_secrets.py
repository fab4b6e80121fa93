"""No secret is under version control."""

from __future__ import annotations

import re
import subprocess
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECRETS = {
    "private key": re.compile(rb"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s+[A-Za-z0-9+/]{20}"),
    "provider key": re.compile(rb"\bsk-(?:proj-|ant-)?[A-Za-z0-9_-]{32,}"),
    "cloud key": re.compile(rb"\bAKIA[0-9A-Z]{16}\b"),
    "code host token": re.compile(rb"\bgh[pousr]_[A-Za-z0-9]{36}\b"),
}


class Secrets(unittest.TestCase):
    def test_none_in_the_tree(self):
        listed = (
            subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True)
            .stdout.decode()
            .split("\0")
        )
        found = []
        for name in filter(None, listed):
            path = ROOT / name
            if not path.is_file():
                continue
            content = path.read_bytes()
            found += [
                f"{name}: {kind}" for kind, pattern in SECRETS.items() if pattern.search(content)
            ]
        self.assertEqual([], found)


if __name__ == "__main__":
    unittest.main()
