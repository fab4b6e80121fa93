#!/usr/bin/env bash
# Makes a Python environment from pinned requirements: `python.sh FOLDER REQUIREMENTS...`. Does
# nothing while they are unchanged. PYTHON names another than python3.
set -euo pipefail
cd "$(dirname "$0")/../.."

folder=$1
shift
want=$(cat "$@" | sha256sum)
if [[ -x $folder/bin/python && "$(cat "$folder/.requirements" 2>/dev/null)" == "$want" ]]; then
  exit 0
fi
echo "Python environment $folder"
[[ -x $folder/bin/python ]] || "${PYTHON:-python3}" -m venv "$folder"
"$folder/bin/python" -m pip install -q --disable-pip-version-check "${@/#/--requirement=}" </dev/null
echo "$want" >"$folder/.requirements"
