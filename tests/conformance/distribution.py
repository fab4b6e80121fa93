"""Django's source distribution of the version that runs: its tests are not in the wheel."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from pathlib import Path

import django


def tests_folder(cache: Path) -> Path:
    """The unpacked `tests` of the running version, downloaded by pip the first time."""
    version = django.get_version()
    unpacked = cache / f"django-{version}"
    if not unpacked.exists():
        cache.mkdir(parents=True, exist_ok=True)
        arguments = ["download", "--no-deps", "--no-binary", ":all:"]
        subprocess.run(
            [sys.executable, "-m", "pip", "-q", *arguments, f"django=={version}", "-d", str(cache)],
            check=True,
        )
        (archive,) = cache.glob(f"*jango-{version}.tar.gz")
        with tarfile.open(archive) as packed:
            packed.extractall(cache, filter="data")
        archive.unlink()
    return unpacked / "tests"
