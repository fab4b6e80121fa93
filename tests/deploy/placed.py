"""The files of deploy/ on this machine: each place that a site would change is changed here, and must be there."""

from __future__ import annotations

import re
from pathlib import Path

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"


def place(name: str, folder: Path, changes: dict[str, str]) -> Path:
    text = (DEPLOY / name).read_text()
    for old, new in changes.items():
        if old not in text:
            raise SystemExit(f"deploy/{name} has no {old!r} any more")
        text = text.replace(old, new)
    placed = folder / name
    placed.write_text(text)
    return placed


def variables(unit: str, instance: str) -> dict[str, str]:
    """What Environment= of a unit gives its process."""
    text = (DEPLOY / unit).read_text()
    pairs = re.findall(r"^Environment=(\w+)=(.*)$", text, re.MULTILINE)
    return {name: value.replace("%i", instance) for name, value in pairs}


def secrets_file(path: Path, values: dict[str, str]) -> Path:
    """deploy/ormd.env with its values filled in: it names all that is needed."""
    lines = (DEPLOY / path.name).read_text().splitlines()
    named = [line.partition("=")[0] for line in lines if line and not line.startswith("#")]
    if set(named) != set(values):
        raise SystemExit(f"deploy/{path.name} names {named}")
    path.touch(mode=0o600)
    path.write_text("".join(f"{name}={value}\n" for name, value in values.items()))
    return path
