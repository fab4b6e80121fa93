#!/usr/bin/env bash
# Every checker runs, even after one has found something; the exit code says whether any did.
set -uo pipefail
cd "$(dirname "$0")/../.."
failed=0
check() {
  local name=$1
  shift
  if "$@"; then echo "lint: $name ok"; else echo "lint: $name FAILED"; failed=1; fi
}

mapfile -t cxx < <(scripts/check/cxx_files.sh)
format() { clang-format-16 --dry-run -Werror "${cxx[@]}"; }
tidy() {
  cmake --preset release --log-level=ERROR >/dev/null &&
    cmake --build --preset release --target ormc_grammar >/dev/null &&
    .venv/bin/python scripts/check/tidy.py
}
check clang-format format
# Minutes on a cold cache, seconds on a warm one; TIDY=0 leaves it out.
[[ "${TIDY:-1}" == 0 ]] || check clang-tidy tidy
check "ruff check" .venv/bin/ruff check -q .
check "ruff format" .venv/bin/ruff format -q --check .
if [[ -n "$(git ls-files 'django_app/*.js')" ]]; then check eslint npm run -s lint; fi
exit $failed
