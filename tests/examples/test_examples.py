#!/usr/bin/env python3
"""The shipped examples say what their index claims; explain's JSON and SARIF follow their schemas.

usage: test_examples.py ORMC
"""

import json
import pathlib
import re
import subprocess
import sys
import unittest

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
SHOP = ROOT / "tests" / "data" / "shop_manifest.json"
SARIF = ROOT / "node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"
ROW = re.compile(r"^\| \[(\w+\.py)\]\((\w+\.py)\) \| (\S+) \| (.*?) \| (.*?) \|$", re.MULTILINE)
NOW = "2026-11-22T12:00:00Z"


def ormc(*arguments):
    return subprocess.run(
        [ORMC, "--manifest", str(SHOP), "--now", NOW, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )


def rows():
    return ROW.findall((EXAMPLES / "README.md").read_text())


class Index(unittest.TestCase):
    def test_lists_each_file(self):
        names = [name for name, link, *_ in rows() if name == link]
        self.assertEqual(sorted(path.name for path in EXAMPLES.glob("*.py")), names)
        self.assertEqual(3, sum(verdict != "accepted" for _, _, verdict, *_ in rows()))

    def test_says_what_ormc_says(self):
        for name, _, verdict, reads, means in rows():
            with self.subTest(name):
                done = ormc("--explain", "--format", "json", f"examples/{name}")
                said = json.loads(done.stdout)
                if verdict == "accepted":
                    self.assertEqual(0, done.returncode)
                    self.assertEqual(reads, ", ".join(read["label"] for read in said["reads"]))
                    self.assertEqual(means, said["sentence"])
                else:
                    self.assertEqual(1, done.returncode)
                    self.assertEqual([verdict], [found["code"] for found in said["diagnostics"]])
                    self.assertEqual(means, said["diagnostics"][0]["message"])


class Folder(unittest.TestCase):
    def test_text(self):
        done = ormc("examples")
        self.assertEqual(1, done.returncode)
        self.assertIn("examples/08_refused_write.py:1:10", done.stderr)
        self.assertTrue(done.stderr.endswith("10 snippets, 3 refused\n"), done.stderr)

    def test_several_files(self):
        names = ["examples/01_registrations_today.py", "examples/02_orders_by_status.py"]
        done = ormc("--format", "json", *names)
        files = json.loads(done.stdout)["files"]
        self.assertEqual(0, done.returncode)
        self.assertEqual([(name, True) for name in names], [(f["file"], f["ok"]) for f in files])

    def test_only_check_takes_several(self):
        self.assertEqual(2, ormc("--explain", "examples").returncode)


class Schemas(unittest.TestCase):
    def test_explain(self):
        schema = json.loads((ROOT / "docs/contract/explain.schema.json").read_text())
        for name, _, verdict, *_ in rows():
            if verdict == "accepted":
                done = ormc("--explain", "--format", "json", f"examples/{name}")
                jsonschema.validate(json.loads(done.stdout), schema)

    @unittest.skipUnless(SARIF.exists(), "npm's packages are not installed: make deps")
    def test_sarif(self):
        schema = json.loads(SARIF.read_text())
        for arguments in (
            ["examples"],
            ["examples/09_refused_secret.py"],
            ["examples/01_registrations_today.py"],
        ):
            done = ormc("--check", "--format", "sarif", *arguments)
            log = json.loads(done.stdout)
            jsonschema.Draft7Validator(schema).validate(log)
            self.assertEqual("2.1.0", log["version"])


if __name__ == "__main__":
    ORMC = sys.argv.pop(1)
    unittest.main()
