#!/usr/bin/env bash
# Asks the API server's validation anew about what fixes make of the fixtures, and about the pairs of `facts`. Needs Go
# and access to Go modules.
set -euo pipefail
cd "$(dirname "$0")"
answers=$(mktemp -d)
trap 'rm -r "$answers"' EXIT
EDMS_LINT_CHANGES="$answers/questions.jsonl" cargo test --test all updates::write_questions -- --ignored
go run . < "$answers/questions.jsonl" > "$answers/updates.jsonl"
go run . -facts facts > "$answers/facts.jsonl"
cp "$answers/updates.jsonl" ../data/updates.jsonl
cp "$answers/facts.jsonl" ../data/update-facts.jsonl
