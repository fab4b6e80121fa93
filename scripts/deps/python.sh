#!/usr/bin/env bash
# Makes .venv from the pinned requirements; does nothing while they are unchanged.
set -euo pipefail
cd "$(dirname "$0")/../.."

want=$(cat requirements.txt requirements-dev.txt | sha256sum)
if [[ -x .venv/bin/python && "$(cat .venv/.requirements 2>/dev/null)" == "$want" ]]; then exit 0; fi
echo "Python environment .venv"
[[ -x .venv/bin/python ]] || python3 -m venv .venv
.venv/bin/python -m pip install -q --disable-pip-version-check \
  -r requirements.txt -r requirements-dev.txt </dev/null
echo "$want" >.venv/.requirements
