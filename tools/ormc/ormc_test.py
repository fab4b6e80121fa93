"""The command line as its contract (docs/language.md) has it: `ormc_test.py ORMC`.

What runs needs PostgreSQL by libpq's variables (PGHOST, ...) and is skipped without one.
"""

import json
import os
import subprocess
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MANIFEST = str(ROOT / "tests" / "data" / "shop_manifest.json")
ORMC = ""

COUNT = "result = Order.objects.filter(status='paid').count()"
WRONG = "result = Orders.objects.count()"
USER = {
    "format": 1,
    "user": {"id": 1, "name": "ann"},
    "superuser": False,
    "view": ["shop.Order"],
}


def ormc(*arguments, snippet="", manifest=True):
    command = [ORMC, *(["--manifest", MANIFEST] if manifest else []), *arguments]
    return subprocess.run(command, input=snippet, capture_output=True, text=True, timeout=60)


def batch(*lines, mode=("--check",)):
    text = "".join(json.dumps(line) + "\n" for line in lines)
    done = ormc("--batch", *mode, "-", snippet=text)
    return [json.loads(line) for line in done.stdout.splitlines()], done.returncode


class Usage(unittest.TestCase):
    def test_help(self):
        done = ormc("--help", manifest=False)
        self.assertEqual(0, done.returncode)
        for word in ("--manifest", "--batch", "Examples", "Exit codes"):
            self.assertIn(word, done.stdout)

    def test_mistakes_exit_2(self):
        for arguments in (
            (),
            ("--nothing", "-"),
            ("--check", "--run", "-"),
            ("--run", "-"),
            ("--emit", "soup", "-"),
            ("--now", "yesterday", "-"),
            ("--tz", "Mars/Base", "-"),
            ("--max-rows", "0", "-"),
            ("--policy", "/nonexistent", "-"),
            ("/nonexistent",),
        ):
            self.assertEqual(2, ormc(*arguments).returncode, arguments)
        self.assertEqual(2, ormc("-", manifest=False).returncode)

    def test_a_broken_manifest_names_the_place(self):
        done = ormc("--manifest", str(ROOT / "package.json"), "-", manifest=False)
        self.assertEqual(2, done.returncode)
        self.assertIn("`format` is missing", done.stderr)


class Modes(unittest.TestCase):
    def test_check(self):
        done = ormc("-", snippet=COUNT)
        self.assertEqual((0, "", ""), (done.returncode, done.stdout, done.stderr))
        done = ormc("--check", "-", snippet=WRONG)
        self.assertEqual(1, done.returncode)
        self.assertIn("error[ORM201]", done.stderr)
        self.assertIn("did you mean `Order`?", done.stderr)

    def test_formats(self):
        done = ormc("--format", "json", "-", snippet=WRONG)
        diagnostic = json.loads(done.stdout)["diagnostics"][0]
        self.assertEqual(("ORM201", 9, 15), (diagnostic["code"], *span(diagnostic)))
        done = ormc("--format", "sarif", "-", snippet=WRONG)
        self.assertEqual("2.1.0", json.loads(done.stdout)["version"])

    def test_emit(self):
        done = ormc("--emit", "ast", "-", snippet=COUNT, manifest=False)
        self.assertTrue(done.stdout.startswith("(assign"), done.stdout)
        done = ormc("--emit", "sql", "-", snippet=COUNT)
        self.assertIn('FROM "shop_order"', done.stdout)
        self.assertIn("-- $1 text: paid", done.stdout)
        for stage in ("bound", "plan", "program"):
            self.assertEqual(0, ormc("--emit", stage, "-", snippet=COUNT).returncode, stage)

    def test_explain(self):
        done = ormc("--explain", "--format", "json", "-", snippet=COUNT)
        said = json.loads(done.stdout)
        self.assertEqual(["shop.view_order"], said["permissions"])
        self.assertEqual("shop.Order", said["reads"][0]["label"])
        self.assertEqual(1, len(said["queries"]))
        self.assertTrue(said["sentence"])
        text = ormc("--explain", "-", snippet=COUNT).stdout
        for heading in ("snippet", "means", "sends", "reads", "needs", "limits", "cost"):
            self.assertIn(f"{heading}\n  ", text)
        self.assertIn("no user: all that the policy shows", text)

    def test_fix(self):
        snippet = f"from shop.models import Order\n{COUNT}\n"
        done = ormc("--fix", "-", snippet=snippet)
        self.assertEqual((0, f"{COUNT}\n"), (done.returncode, done.stdout.lstrip()))


class Batch(unittest.TestCase):
    def test_a_line_each_in_order(self):
        answers, code = batch({"id": 1, "snippet": COUNT}, {"id": "b", "snippet": WRONG})
        self.assertEqual(0, code)
        self.assertEqual([1, "b"], [answer["id"] for answer in answers])
        self.assertEqual([[], "ORM201"], [answers[0]["diagnostics"], code_of(answers[1])])

    def test_a_line_has_its_own_user(self):
        snippet = "result = Customer.objects.count()"
        answers, _ = batch({"snippet": snippet}, {"snippet": snippet, "user": USER})
        self.assertTrue(answers[0]["ok"])
        self.assertEqual("ORM201", code_of(answers[1]))

    def test_a_line_that_is_no_request_is_answered_too(self):
        answers, code = batch({"id": 1}, {"id": 2, "snippet": COUNT, "tz": "Mars"}, [])
        self.assertEqual(2, code)
        self.assertEqual(["usage"] * 3, [answer["error"]["code"] for answer in answers])

    def test_every_mode(self):
        for mode in (("--explain",), ("--emit", "sql"), ("--emit", "ast"), ("--fix",)):
            answers, code = batch({"id": 1, "snippet": COUNT}, mode=mode)
            self.assertEqual((0, 1), (code, len(answers)), mode)


@unittest.skipUnless("PGHOST" in os.environ, "no PostgreSQL: PGHOST is not set")
class Run(unittest.TestCase):
    def test_an_answer(self):
        done = ormc("--run", "--db", "", "-", snippet="result = 6 * 7")
        self.assertEqual(0, done.returncode)
        answer = json.loads(done.stdout)
        self.assertEqual(
            (42, "number", False), tuple(answer[k] for k in ("result", "kind", "truncated"))
        )

    def test_a_refusal_and_a_failure(self):
        done = ormc("--run", "--db", "", "-", snippet=WRONG)
        self.assertEqual((1, "ORM201"), (done.returncode, code_of(json.loads(done.stdout))))
        done = ormc("--run", "--db", "", "-", snippet="result = 1 / 0")
        error = json.loads(done.stdout)["error"]
        self.assertEqual(3, done.returncode)
        self.assertEqual(("ORM603", "ZeroDivisionError"), (error["code"], error["django"]))

    def test_no_database(self):
        done = ormc("--run", "--db", "host=127.0.0.1 port=1", "-", snippet=COUNT)
        self.assertEqual(3, done.returncode)
        self.assertEqual("ORM615", json.loads(done.stdout)["error"]["code"])

    def test_the_clock_is_frozen(self):
        now = "2024-02-29T12:00:00+01:00"
        done = ormc("--run", "--db", "", "--now", now, "-", snippet="result = timezone.now()")
        self.assertEqual("2024-02-29T11:00:00+00:00", json.loads(done.stdout)["result"])


def span(diagnostic):
    return diagnostic["span"]["begin"], diagnostic["span"]["end"]


def code_of(answer):
    return answer["diagnostics"][0]["code"]


if __name__ == "__main__":
    ORMC = sys.argv.pop(1)
    unittest.main()
