#!/usr/bin/env bash
# Runs every fuzz target for SECONDS, one after another, from its seeds. What it finds in addition
# stays in build-fuzz; a crash is copied to build-fuzz/crashes and fails the run.
set -uo pipefail
cd "$(dirname "$0")/../.."
seconds=$1
failed=0
export ASAN_SYMBOLIZER_PATH=/usr/bin/llvm-symbolizer-16
mkdir -p build-fuzz/crashes

for target in build-fuzz/bin/fuzz_*; do
  name=${target##*/fuzz_}
  found=build-fuzz/corpus/$name
  mkdir -p "$found"
  options=(-max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1
    -artifact_prefix="build-fuzz/crashes/$name-" -verbosity=0)
  [[ -f tests/fuzz/$name.dict ]] && options+=(-dict="tests/fuzz/$name.dict")
  echo "fuzz $name: $seconds s"
  "$target" "${options[@]}" "$found" "tests/fuzz/corpus/$name" || failed=1
done
exit $failed
