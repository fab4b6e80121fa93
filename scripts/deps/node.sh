#!/usr/bin/env bash
# Installs the npm packages of the lockfile; does nothing while it is unchanged.
set -euo pipefail
cd "$(dirname "$0")/../.."

want=$(sha256sum <package-lock.json)
if [[ "$(cat node_modules/.lockfile 2>/dev/null)" == "$want" ]]; then exit 0; fi
echo "npm packages"
npm ci --no-audit --no-fund --loglevel=error </dev/null
echo "$want" >node_modules/.lockfile
