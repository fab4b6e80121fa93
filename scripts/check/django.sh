#!/usr/bin/env bash
# The Django app's own tests on each Django that it supports, each on a cluster of its own.
set -uo pipefail
cd "$(dirname "$0")/../.."
scripts/deps/python.sh .venv-django32 requirements-django32.txt || exit 1
scripts/deps/python.sh .venv-django42 requirements-django42.txt || exit 1

failed=0
for environment in .venv .venv-django42 .venv-django32; do
  python=$PWD/$environment/bin/python
  "$python" -c 'import django; print("Django", django.__version__)'
  (cd django_app && python3 ../scripts/demo/with_cluster.py "$python" -m pytest) || failed=1
done
exit $failed
