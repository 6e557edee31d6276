#!/usr/bin/env bash
# Draws the committed kustomizations anew and asks kustomize what it builds of them. Needs Go and access to Go modules.
set -euo pipefail
cd "$(dirname "$0")"
answers=$(mktemp)
trap 'rm "$answers"' EXIT
go run . -n 900 -seed 1 > "$answers"
cp "$answers" ../data/kustomize.jsonl
