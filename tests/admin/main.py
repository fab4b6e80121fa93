"""The admin differential: nobody is shown a row or a column that their own admin denies them (R10).

    main.py [--ormc FILE] [--seed S]

Fifty staff users with permissions by chance, over the example site and over `office`, whose ModelAdmins
narrow rows and columns in every way that we know of. What the admin's own views give each of them is
compared with what `ormc` answers them under the policy that `manage.py ormc_policy` makes.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[1:1] = [str(ROOT / "tests" / name) for name in ("attack", "oracle")]

from ormc_process import Process
from site_setup import Site

SCALE = 0.2  # of the example's rows
SEEN = 0.5  # of the rows and of the columns that the admin shows, at least
APPS = "shop,nasty,keyed,office"
WITHOUT_RULES = 5  # users who are asked again under a policy without rules
SETTINGS = {
    "ROWS": [{"model": "office.Invoice", "where": "Q(contract__tenant__members=user.id)"}],
    "LIMITS": {"max_rows": 100_000},
}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ormc", type=Path, default=ROOT / "build" / "bin" / "ormc")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


@dataclass
class Count:
    admin_rows: int = 0
    rows: int = 0
    columns: int = 0
    hidden_columns: int = 0
    questions: int = 0
    refused: int = 0
    denied: dict = field(default_factory=dict)
    """{what is shown and should not be: of how many users}"""

    def add(self, model, page, shown, texts: dict) -> None:
        label = model._meta.label
        self.admin_rows += len(page.rows)
        self.rows += len(shown.rows)
        self.questions += shown.questions
        self.refused += shown.refused
        if page.rows:
            self.columns += len(shown.columns - page.denied)
            names = {one.name for one in model._meta.concrete_fields if not one.primary_key}
            self.hidden_columns += len(names - page.denied - shown.columns)
        allowed = page.rows | {texts[key] for key in page.rows}
        for what, extra in (
            ("rows", shown.rows - page.rows),
            ("rows behind a relation", shown.behind - allowed),
            *((f"column {name}", {name}) for name in shown.columns & page.denied),
        ):
            if extra:
                key = f"{label}: {what}"
                users, example = self.denied.get(key, (0, sorted(extra)[:3]))
                self.denied[key] = (users + 1, example)

    def line(self) -> str:
        every = self.columns + self.hidden_columns
        return (
            f"{self.questions} questions, {self.refused} refused; shown {self.rows} of "
            f"{self.admin_rows} rows and {self.columns} of {every} columns of the admin's"
        )

    def short(self) -> bool:
        every = self.columns + self.hidden_columns
        return self.rows < SEEN * self.admin_rows or self.columns < SEEN * every


def texts_of(model) -> dict:
    """{key: the text of the row that paths are asked for}"""
    from asking import text_column

    pairs = model._base_manager.values_list("pk", text_column(model) or "pk")
    return {str(key): str(text) for key, text in pairs}


def compare(process: Process, staff: list, members: list) -> Count:
    from asking import Asker
    from pages import page

    count = Count()
    texts = {model: texts_of(model) for model in members}
    for user in staff:
        asker = Asker(process, user, members)
        for model in members:
            count.add(model, page(user, model), asker.ask(model), texts[model])
    return count


def fill(seed: int) -> list:
    from django.contrib.auth.models import User
    from django.core.management import call_command

    import filling

    call_command("migrate", run_syncdb=True, verbosity=0)
    chance = random.Random(seed)
    made = filling.users(chance)
    filling.office(chance, made)
    # Without what the objects keep of permissions.
    return list(User.objects.filter(pk__in=[user.pk for user in made]).order_by("pk"))


def run(options, site: Site) -> int:
    from ai_assistant import admin_rules
    from django.apps import apps
    from django.contrib import admin
    from django.core.management import call_command
    from django.test import override_settings

    staff = fill(options.seed)
    members = sorted(admin_rules.registered(), key=lambda model: model._meta.label)
    assert set(members) <= set(admin.site._registry)
    names = Counter(model.__name__ for model in apps.get_models())
    assert all(names[model.__name__] == 1 for model in members), "a snippet's names mean one model"
    manifest = site.export_manifest()
    policy, none = (manifest.with_name(f"policy-{name}.json") for name in ("made", "none"))
    with override_settings(AI_ASSISTANT=SETTINGS):
        call_command("ormc_policy", output=str(policy), verbosity=0)
    none.write_text('{"format": 1, "limits": {"max_rows": 100000}}')
    counts = []
    for file, whom in ((policy, staff), (none, staff[:WITHOUT_RULES])):
        given = ["--manifest", str(manifest), "--policy", str(file), "--run", "--db", site.conninfo]
        with Process(options.ormc, given, {}) as process:
            counts.append(compare(process, whom, members))
    found, unruled = counts
    print(f"quality: {len(staff)} users, {len(members)} models: {found.line()}")
    print(
        f"quality: without the policy's rules {len(unruled.denied)} kinds of denied things are shown"
    )
    for what, (users, example) in sorted(found.denied.items()):
        print(f"DENIED AND SHOWN {what}, to {users} users: {example}")
    if found.short():
        print(f"quality: short of the goal: {SEEN:.0%} of what the admin shows")
    print(f"admin: {len(found.denied)} denied and shown")
    return 1 if found.denied or found.short() or not unruled.denied else 0


def main() -> int:
    options = arguments()
    os.environ["ORMC_EXAMPLE_APPS"] = APPS
    begin = time.monotonic()
    with Site(seed=options.seed, scale=SCALE) as site:
        failed = run(options, site)
    print(f"{time.monotonic() - begin:.1f} s")
    return failed


if __name__ == "__main__":
    sys.exit(main())
