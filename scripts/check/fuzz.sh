#!/usr/bin/env bash
# fuzz.sh SECONDS [SEED]: runs every fuzz target so long from its seeds, as many at a time as there
# are cores. What a target finds in addition stays in build-checked/fuzz; so does a crash, which fails
# the run. With a SEED a run goes the way of the one before, with none it finds its own. Of the targets
# in `replayed` a run with a SEED only tries the seeds: they still find faults that are older than what
# is tested.
set -euo pipefail
cd "$(dirname "$0")/../.."
export seconds=$1 seed=${2:-0} folder=build-checked/fuzz replayed=" snippet "
export ASAN_SYMBOLIZER_PATH=/usr/bin/llvm-symbolizer-16

fuzz() {
  local target=$1 name=${1##*/fuzz_}
  local log=$folder/$name.log words=()
  # The bytes of a target that writes its own text are no words.
  if [ -e "tests/fuzz/$name.dict" ]; then words=("-dict=tests/fuzz/$name.dict"); fi
  if [[ $seed != 0 && $replayed == *" $name "* ]]; then words+=(-runs=0); fi
  mkdir -p "$folder/$name"
  # Entropic schedules took four fifths of the time of a target whose inputs reach this much code.
  if "$target" -entropic=0 -max_total_time="$seconds" -seed="$seed" -timeout=10 -rss_limit_mb=2048 -verbosity=0 \
    -print_final_stats=1 -artifact_prefix="$folder/crash-$name-" "${words[@]}" \
    "$folder/$name" "tests/fuzz/corpus/$name" >"$log" 2>&1; then
    echo "fuzz $name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") inputs, no crash"
  else
    echo "fuzz $name: FAILED, the end of $log:"
    tail -n 60 "$log"
    return 1
  fi
}
export -f fuzz

printf '%s\n' build-checked/bin/fuzz_* | xargs -P "$(nproc)" -I{} bash -c 'fuzz {}'
