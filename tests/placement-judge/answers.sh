#!/usr/bin/env bash
# Draws the committed environments anew and asks Kubernetes' scheduler where their pods go. Needs Go and access to Go
# modules.
set -euo pipefail
cd "$(dirname "$0")"
answers=$(mktemp)
trap 'rm "$answers"' EXIT
go run . -n 1000 -seed 1 > "$answers"
cp "$answers" ../data/placement.jsonl
