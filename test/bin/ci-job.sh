#!/usr/bin/env bash
# What a CI job does with `changes` and `show`: it acts on their exit codes.
# Usage: ci-job.sh FOLDER COMMAND..., where the folder has the results of test/bin/changes.test.ts.
set -euo pipefail

folder=$1
shift
mirrorwatch=("$@")
checked=0

# expect CODE ARGUMENTS...
expect() {
  local expected=$1 code=0
  shift
  "${mirrorwatch[@]}" "$@" --out "$folder" >/dev/null 2>&1 || code=$?
  if [ "$code" -ne "$expected" ]; then
    echo "mirrorwatch $*: ended with $code, not $expected" >&2
    exit 1
  fi
  checked=$((checked + 1))
}

expect 0 changes --fail-on new-fault
expect 0 changes --since run --fail-on new-fault
expect 3 changes --since 2026-08-02 --fail-on new-fault
expect 3 changes --since 2026-08-02 --fail-on new-fault --format issue
expect 0 changes --since 2026-08-02
expect 2 changes --since tomorrow

expect 0 show ds900001
expect 3 show ds900001 --fail-on error
expect 0 show ds900005 --fail-on error
expect 3 show ds900005 --fail-on version-mismatch
expect 0 show ds900002 --fail-on warning
expect 2 show ds999999

echo "$checked of 12 exit codes as expected"
