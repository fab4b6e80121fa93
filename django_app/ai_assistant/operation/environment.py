"""The file of secrets: KEY=value lines that Django reads and that systemd's EnvironmentFile= reads for `ormd`."""

import os
from pathlib import Path

FOLDER = ".ormd"
NAME = "env"


def read(path):
    """{name: value}; nothing where there is no such file."""
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    pairs = (line.partition("=") for line in lines if "=" in line and not line.lstrip().startswith("#"))
    return {name.strip(): unquoted(value.strip()) for name, _, value in pairs}


def unquoted(value):
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if quoted else value


def write(path, values):
    """Adds to what is there. Nobody else may read it, and version control does not see its folder."""
    path = Path(path)
    if not path.parent.exists():
        path.parent.mkdir(parents=True)
        if path.parent.name == FOLDER:
            (path.parent / ".gitignore").write_text("*\n", encoding="utf-8")
    merged = {**read(path), **values}
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.writelines(f"{name}={value}\n" for name, value in merged.items())
    os.replace(new, path)
