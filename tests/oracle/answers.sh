#!/usr/bin/env bash
# Makes the committed answers of Kubernetes' own reader anew. Needs Go and access to Go modules.
set -euo pipefail
cd "$(dirname "$0")"
binary=$(mktemp)
go build -o "$binary" ./cmd/read
cd ../..
find fixtures -type f \( -name '*.yaml' -o -name '*.yml' -o -name '*.json' \) | LC_ALL=C sort |
  "$binary" - > tests/data/reading.jsonl
