#!/usr/bin/env bash
# Runs in a clean clone what the README tells who has just cloned: packaging/clone.sh [REPOSITORY]
# It takes minutes, since everything is compiled.
set -euo pipefail

from=$(cd -- "${1:-$(dirname -- "$0")/..}" && pwd)
work=$(mktemp -d)
trap 'rm -rf -- "${work}"' EXIT
git clone --quiet "${from}" "${work}/edms-lint"
cd -- "${work}/edms-lint"
unset CARGO_TARGET_DIR

# measure COMMAND...: runs it and says how long it took; 1 is findings, which the example has.
measure() {
  local start=${SECONDS} code=0
  "$@" >"${work}/out" 2>&1 || code=$?
  ((code <= 1)) || {
    cat "${work}/out" >&2
    exit "${code}"
  }
  echo "$*: exit code ${code}, $((SECONDS - start)) s"
}

measure cargo run --profile quick -- fixtures/projects/shop
grep -q 'error\[pdb-blocks-drain\]' "${work}/out"
measure cargo test
grep -q 'test result: ok' "${work}/out"
! grep -q 'test result: FAILED' "${work}/out"
