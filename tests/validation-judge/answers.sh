#!/usr/bin/env bash
# Draws the committed changes anew and asks the API server's create validation about them. Needs Go and access to Go
# modules.
set -euo pipefail
cd "$(dirname "$0")"
answers=$(mktemp)
trap 'rm "$answers"' EXIT
go run . -n 3000 -seed 1 > "$answers"
cp "$answers" ../data/validation.jsonl
