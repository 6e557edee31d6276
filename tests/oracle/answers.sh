#!/usr/bin/env bash
# Makes the committed answers of Kubernetes' own reader and decoder anew. Needs Go and access to Go modules.
set -euo pipefail
cd "$(dirname "$0")"
binaries=$(mktemp -d)
trap 'rm -r "$binaries"' EXIT
go build -o "$binaries" ./cmd/read ./cmd/mutate
cd ../..
find fixtures -type f \( -name '*.yaml' -o -name '*.yml' -o -name '*.json' \) | LC_ALL=C sort |
  "$binaries/read" - > tests/data/reading.jsonl
"$binaries/mutate" -judge -repeat < tests/data/decoding.jsonl > "$binaries/decoding.jsonl"
mv "$binaries/decoding.jsonl" tests/data/decoding.jsonl
