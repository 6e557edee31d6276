#!/usr/bin/env bash
# Draws the committed environments anew and asks Kubernetes' disruption controller about their budgets. Needs Go
# and access to Go modules.
set -euo pipefail
cd "$(dirname "$0")"
answers=$(mktemp)
trap 'rm "$answers"' EXIT
go run . -n 1200 -seed 1 > "$answers"
cp "$answers" ../data/disruption.jsonl
