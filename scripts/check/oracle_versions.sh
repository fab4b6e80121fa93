#!/usr/bin/env bash
# The oracle's cases on other releases of Django: what is answered is that release's answer.
set -uo pipefail
cd "$(dirname "$0")/../.."
failed=0
ask() { # FOLDER REQUIREMENTS
  scripts/deps/python.sh "$1" "$2" || return 1
  "$1/bin/python" -c 'import django; print("Django", django.__version__)'
  "$1/bin/python" tests/oracle/main.py
}
ask .venv-django42 requirements-django42.txt || failed=1
# Django 6.0 wants a newer Python than Debian 12 has.
for python in python3.14 python3.13 python3.12; do
  if "$python" -c '' 2>/dev/null; then
    PYTHON=$python ask .venv-django60 requirements-django60.txt || failed=1
    break
  fi
done
exit $failed
