"""Where the two programs are: as the settings say, in the wheel, on PATH; and the wheel's commands for them."""

import os
import shutil
import ssl
import sys
from pathlib import Path

WHEEL = Path(__file__).resolve().parent.parent / "bin"


def find(name, chosen=None):
    """The program's path, or None."""
    if chosen:
        return shutil.which(chosen)
    in_wheel = WHEEL / name
    return str(in_wheel) if in_wheel.exists() else shutil.which(name)


def environment():
    """The wheel's OpenSSL looks for certificates where Debian keeps them; Python knows where this system does."""
    paths = ssl.get_default_verify_paths()
    here = {"SSL_CERT_FILE": paths.cafile, "SSL_CERT_DIR": paths.capath}
    return {**{name: path for name, path in here.items() if path}, **os.environ}


def run(name):
    """Becomes the wheel's program: the commands `ormc` and `ormd` of an environment it is installed in."""
    program = WHEEL / name
    if not program.exists():
        sys.exit(f"{name}: this installation has no programs in it; see README.md for the wheel that has")
    os.execve(program, [name, *sys.argv[1:]], environment())


def ormc():
    run("ormc")


def ormd():
    run("ormd")
