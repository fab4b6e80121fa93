#!/usr/bin/env bash
# The drawer in Chromium: first against a scripted server, then on the real stack.
set -euo pipefail
cd "$(dirname "$0")/../.."
npm --prefix tests/e2e run --silent test
if [[ -d tests/e2e/stack ]]; then
  python3 scripts/demo/with_stack.py npm --prefix tests/e2e run --silent test:stack
fi
