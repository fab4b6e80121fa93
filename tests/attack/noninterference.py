"""Non-interference: what is hidden from a user changes no byte of what that user is answered.

    noninterference.py [--pairs N] [--seed S]

Random snippets over the whole manifest, hidden names included, are asked of two databases that
differ only in hidden columns, models and rows (twins.py): every answer must be the same bytes. It must
also be that of a database which has the shown rows alone, asked without the policy's rules for rows.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections import Counter
from pathlib import Path

from corpus import HERE, Case
from main import ROOT, code_of
from ormc_process import Process

sys.path.append(str(ROOT / "tests" / "oracle"))

MENTIONS = 0.30  # of the snippets, at least
SLOW = 0.01  # of the snippets, at most: out of time in one of the databases, so not compared
OUT_OF_TIME = "ORM610"
# One plan whatever the tables' sizes: rows that nothing orders come in one order in both.
ONE_PLAN = (
    " ".join(
        f"-c {name}=off"
        for name in (
            *("enable_bitmapscan", "enable_hashagg", "enable_hashjoin", "enable_indexonlyscan"),
            *("enable_indexscan", "enable_material", "enable_memoize", "enable_mergejoin"),
            *("enable_incremental_sort", "geqo", "jit"),
        )
    )
    + " -c join_collapse_limit=1 -c from_collapse_limit=1 -c max_parallel_workers_per_gather=0"
)
ENVIRONMENT = {"PGOPTIONS": ONE_PLAN}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ormc", type=Path, default=ROOT / "build" / "bin" / "ormc")
    parser.add_argument("--pairs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="reuse a cluster kept there")
    return parser.parse_args()


def asker(manifest: Path) -> dict:
    """Somebody who may view every model: what is hidden from them the policy hides."""
    labels = [model["label"] for model in json.loads(manifest.read_text())["models"]]
    return {
        **{"format": 1, "user": {"id": 1, "name": "asker"}, "superuser": False, "groups": []},
        **{"tz": "Europe/Berlin", "lang": "en", "manifest": None, "view": labels},
    }


class Mentions:
    """Puts a hidden name in the place of a shown one, and knows whether a snippet has one."""

    def __init__(self, policy: dict, chance: random.Random):
        self.chance = chance
        self.fields = [name.split(".")[2] for name in policy["hidden"] if name.count(".") == 2]
        models = {name.split(".")[1] for name in policy["hidden"] if name.count(".") == 1}
        self.restricted = {entry["model"].split(".")[1] for entry in policy["rows"]}
        self.hidden = re.compile(rf"\b({'|'.join([*self.fields, *models, 'supplier'])})")
        self.rows = re.compile(rf"\b({'|'.join(self.restricted)})\b")

    def put(self, snippet: str) -> str:
        if self.hidden.search(snippet) or self.chance.random() > 0.4:
            return snippet
        names = list(re.finditer(r'(?<=[("\-])([a-z]+)(?=["=]|__)', snippet))
        if not names:
            return snippet
        place = self.chance.choice(names)
        return snippet[: place.start()] + self.chance.choice(self.fields) + snippet[place.end() :]


class Count:
    def __init__(self):
        self.codes: Counter = Counter()
        self.total = self.hidden = self.rows = self.slow = self.different = 0

    def line(self) -> str:
        total = max(1, self.total)
        refused = ", ".join(f"{code} {n}" for code, n in self.codes.most_common(4) if code != "ok")
        return (
            f"quality: {self.hidden / total:.1%} mention a hidden name, {self.rows / total:.1%} a model "
            f"with hidden rows, answered {self.codes['ok'] / total:.1%}, out of time {self.slow}, "
            f"else {refused}"
        )


def timeless(answer: dict) -> dict:
    for query in answer.get("queries", []):
        query.pop("ms")
    return answer


def without_queries(answer: dict) -> dict:
    """Rules for rows stand in the SQL."""
    return {name: value for name, value in answer.items() if name != "queries"}


def ask_all(options, policy: dict, manifest: Path, databases: list[str]) -> Count:
    from generate import Draw, Programs

    policies = [policy, policy, {**policy, "rows": []}]
    files = [manifest.with_name(f"policy-{place}.json") for place in range(3)]
    for file, content in zip(files, policies, strict=True):
        file.write_text(json.dumps(content))
    programs = Programs(Draw(options.seed, manifest), f"seed{options.seed}/")
    mentions = Mentions(policy, random.Random(options.seed))
    count = Count()
    here, there, shown = (
        Process(
            options.ormc,
            ["--manifest", str(manifest), "--policy", str(file), "--run", "--db", database],
            {"asker": asker(manifest)},
            ENVIRONMENT,
        )
        for file, database in zip(files, databases, strict=True)
    )
    with here, there, shown:
        for _ in range(options.pairs):
            drawn = programs.case()
            case = Case(drawn.id, "R8", "", "asker", False, mentions.put(drawn.snippet))
            answers = [timeless(process.ask(case)) for process in (here, there, shown)]
            count.total += 1
            count.codes[code_of(answers[0])] += 1
            count.hidden += mentions.hidden.search(case.snippet) is not None
            count.rows += mentions.rows.search(case.snippet) is not None
            if OUT_OF_TIME in map(code_of, answers):
                count.slow += 1
                continue
            alone = without_queries(answers[0]) == without_queries(answers[2])
            if answers[0] != answers[1] or not alone:
                count.different += 1
                print(f"DIFFERENT {case.id}\n{case.snippet}")
                for answer in answers:
                    print(f"  {json.dumps(answer, ensure_ascii=False)[:1500]}")
    return count


def main() -> int:
    options = arguments()
    from site_setup import DATABASE, Site

    policy = json.loads((HERE / "noninterference.json").read_text())
    with Site(options.keep) as site:
        import twins

        manifest = site.export_manifest()
        user = asker(manifest)["user"]["id"]
        others = twins.make(site.conninfo, DATABASE, policy, user)
        count = ask_all(options, policy, manifest, [site.conninfo, *others])
    print(count.line())
    short = count.hidden < MENTIONS * count.total
    if short:
        print(f"quality: short of the goal: {MENTIONS:.0%} mention a hidden name")
    slow = count.slow > SLOW * count.total
    if slow:
        print(f"quality: more than {SLOW:.0%} ran out of time")
    compared = count.total - count.slow
    print(f"noninterference: {compared - count.different} passed, {count.different} failed")
    return 1 if count.different or short or slow else 0


if __name__ == "__main__":
    sys.exit(main())
