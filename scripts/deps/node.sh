#!/usr/bin/env bash
# Installs the npm packages of each lockfile; does nothing while it is unchanged.
set -euo pipefail
cd "$(dirname "$0")/../.."

for folder in . tests/e2e; do
  [[ -f $folder/package-lock.json ]] || continue
  want=$(sha256sum <"$folder/package-lock.json")
  [[ "$(cat "$folder/node_modules/.lockfile" 2>/dev/null)" == "$want" ]] && continue
  echo "npm packages of $folder"
  (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error </dev/null)
  echo "$want" >"$folder/node_modules/.lockfile"
done
