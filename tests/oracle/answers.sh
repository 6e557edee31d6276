#!/usr/bin/env bash
# Makes the committed answers of Kubernetes' own reader and decoder anew. Needs Go and access to Go modules.
set -euo pipefail
cd "$(dirname "$0")"
binaries=$(mktemp -d)
trap 'rm -r "$binaries"' EXIT
go build -o "$binaries" ./cmd/read ./cmd/mutate ./cmd/texts
cd ../..
{
  find fixtures/yaml -type f \( -name '*.yaml' -o -name '*.yml' -o -name '*.json' \)
  cat tests/data/reading-sample.txt
} | LC_ALL=C sort | "$binaries/read" - > "$binaries/reading.jsonl"
mv "$binaries/reading.jsonl" tests/data/reading.jsonl
"$binaries/texts" -n 700 -seed 12 > "$binaries/texts.jsonl"
mv "$binaries/texts.jsonl" tests/data/texts.jsonl
"$binaries/texts" -judge < tests/data/edited.jsonl > "$binaries/edited.jsonl"
mv "$binaries/edited.jsonl" tests/data/edited.jsonl
"$binaries/mutate" -judge -repeat < tests/data/decoding.jsonl > "$binaries/decoding.jsonl"
mv "$binaries/decoding.jsonl" tests/data/decoding.jsonl
