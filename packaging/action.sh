#!/usr/bin/env bash
# What action.yml runs: installs the program, audits once, and writes annotations, SARIF and a summary.
# It succeeds whatever is found, so that the upload goes on; the exit code of the audit is an output.
set -euo pipefail

# A step summary may have 1 MiB.
readonly SUMMARY_LIMIT=1000000

fail() {
  echo "::error title=edms-lint::$1"
  exit 2
}

install_wheel() {
  local version="$1" venv="${RUNNER_TEMP}/edms-lint-venv"
  [[ "${version}" =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || fail "version reads as 1.2.3, or is installed"
  python3 -m venv "${venv}" || fail "Python 3 with venv is needed: use actions/setup-python before this step"
  local bin="${venv}/bin"
  [[ -d "${bin}" ]] || bin="${venv}/Scripts"
  "${bin}/python" -m pip install --quiet --disable-pip-version-check --only-binary :all: "edms-lint==${version}" ||
    fail "edms-lint ${version} cannot be installed"
  PATH="${bin}:${PATH}"
}

# Lines of an input, without the blanks around them; empty ones are none.
lines() {
  local line
  while IFS= read -r line || [[ -n "${line}" ]]; do
    line="${line#"${line%%[![:space:]]*}"}"
    line="${line%"${line##*[![:space:]]}"}"
    [[ -z "${line}" ]] || printf '%s\n' "${line}"
  done <<<"$1"
}

cd -- "${INPUT_WORKING_DIRECTORY}"
[[ "${INPUT_VERSION}" == installed ]] || install_wheel "${INPUT_VERSION}"
command -v edms-lint >/dev/null || fail "edms-lint is not on the PATH"

arguments=()
case "${INPUT_FAIL_ON}" in
  never) arguments+=(--exit-zero) ;;
  error | warning | note) arguments+=("--fail-on=${INPUT_FAIL_ON}") ;;
  *) fail "fail-on is error, warning, note or never" ;;
esac
while IFS= read -r line; do arguments+=("${line}"); done < <(lines "${INPUT_ARGUMENTS}")
# What follows is a path even if it looks like a flag.
arguments+=(--)
while IFS= read -r line; do arguments+=("${line}"); done < <(lines "${INPUT_PATHS}")

sarif="${RUNNER_TEMP}/edms-lint.sarif"
markdown="${RUNNER_TEMP}/edms-lint.md"
rm -f -- "${sarif}" "${markdown}"
format=concise
[[ "${INPUT_ANNOTATIONS}" != true ]] || format=github

code=0
edms-lint "--format=${format}" "--output=sarif=${sarif}" "--output=markdown=${markdown}" \
  "${arguments[@]}" || code=$?

if [[ "${INPUT_SUMMARY}" == true && -s "${markdown}" ]]; then
  if (($(wc -c <"${markdown}") > SUMMARY_LIMIT)); then
    # Whole lines, so that no cell of a table is cut.
    { head -c "${SUMMARY_LIMIT}" "${markdown}" | sed '$d'; } >>"${GITHUB_STEP_SUMMARY}"
    printf '\nThe rest is in the log and in code scanning.\n' >>"${GITHUB_STEP_SUMMARY}"
  else
    cat -- "${markdown}" >>"${GITHUB_STEP_SUMMARY}"
  fi
fi
{
  echo "exit-code=${code}"
  [[ ! -s "${sarif}" ]] || echo "sarif-file=${sarif}"
} >>"${GITHUB_OUTPUT}"
