#!/usr/bin/env bash
# ormd on a real PostgreSQL with the migrated example site; a scripted model server where a model speaks.
set -euo pipefail
cd "$(dirname "$0")/../.."
exec .venv/bin/python -m pytest -q -p no:cacheprovider -p no:django tests/integration "$@"
