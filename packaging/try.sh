#!/usr/bin/env bash
# Tries the packages of a release as their users do, in clean folders without the source: packaging/try.sh target/dist
#
# What made them, by hand or in the workflow of releases:
#   pip install 'maturin[zig]>=1.9,<2'
#   rustup target add x86_64-unknown-linux-musl
#   cargo xtask dist
#
# What is not installed on this machine is skipped and named; with CI=true the wheel and the archive must have been tried.
# Tests hold that the commands that pages show are run here, or by a test (tests/all/documented.rs).
set -euo pipefail

here=$(cd -- "$(dirname -- "$0")/.." && pwd)
dist=$(cd -- "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf -- "${work}"' EXIT
version=$(sed -n 's/^version = "\(.*\)"/\1/p' "${here}/Cargo.toml" | head -1)
tried=()
skipped=()
python=python3
command -v python3 >/dev/null 2>&1 || python=python

say() { printf '%s\n' "$*"; }
die() {
  say "FAILED: $*" >&2
  exit 1
}
now() { "${python}" -c 'import time; print(int(time.time() * 1000))'; }
has() { command -v "$1" >/dev/null 2>&1; }
# expect CODE COMMAND...: runs it; its exit code must be CODE.
expect() {
  local wanted=$1 code=0
  shift
  "$@" >"${work}/out" 2>&1 || code=$?
  [[ ${code} == "${wanted}" ]] || {
    cat "${work}/out" >&2
    die "$* ended with ${code}, not ${wanted}"
  }
}
# example FOLDER: a repository with a Deployment of two pods and the budget that fits it.
example() {
  mkdir -p "$1/k8s"
  cp "${here}/packaging/example/"*.yaml "$1/k8s/"
  git -C "$1" init -q
  git -C "$1" config user.name tester
  git -C "$1" config user.email tester@example.org
  git -C "$1" config commit.gpgsign false
  git -C "$1" add .
  git -C "$1" commit -qm "Add manifests"
}

try_sums() {
  # sha256sum --check --ignore-missing SHA256SUMS
  cd -- "${dist}"
  if has sha256sum; then
    sha256sum --check --ignore-missing --quiet SHA256SUMS
  else
    shasum -a 256 --check --quiet SHA256SUMS
  fi
  tried+=(checksums)
}

try_archive() {
  local archive name
  cd -- "${work}"
  for archive in "${dist}/edms-lint-${version}-"*.tar.gz; do
    [[ -e "${archive}" ]] || return 0
    name=$(basename -- "${archive}" .tar.gz)
    # tar -xzf edms-lint-0.1.0-x86_64-unknown-linux-musl.tar.gz
    # edms-lint-0.1.0-x86_64-unknown-linux-musl/edms-lint --version
    tar -xzf "${archive}"
    "${name}/edms-lint" --version >"${work}/out" 2>&1 || {
      skipped+=("${name}: not for this machine")
      continue
    }
    [[ $(cat "${work}/out") == "edms-lint ${version}" ]] || die "$(cat "${work}/out")"
    if [[ ${name} == *-linux-musl ]] && has ldd; then
      # ldd fails for a static program.
      { ldd "${name}/edms-lint" 2>&1 || true; } | grep -q 'statically linked\|not a dynamic' || die "it is not static"
    fi
    expect 0 "${name}/edms-lint" "${work}/example/k8s"
    try_share "${work}/${name}/share"
    if has kubectl; then
      # kubectl edms k8s
      # kubectl kustomize overlays/prod | kubectl edms -
      cd -- "${work}/example"
      expect 0 env PATH="${work}/${name}:${PATH}" kubectl edms k8s
      cd -- "${work}"
      tried+=("kubectl plugin")
    else
      skipped+=("kubectl plugin: no kubectl")
    fi
    tried+=("archive, $(du -h "${archive}" | cut -f1)")
  done
}

# zsh_completes FOLDER WORDS PATTERN: what a zsh shows that has the functions of the folder, after WORDS and a tab.
zsh_completes() {
  # shellcheck disable=SC2016 # The inner shell expands them.
  timeout 60 zsh -f -c 'zmodload zsh/zpty
    zpty shell zsh -f -i
    zpty -w shell "fpath=($1 \$fpath); autoload -U compinit; compinit -u -D; PS1=; print re\"\"ady"
    zpty -r -m shell shown "*ready*"
    zpty -w -n shell "edms-lint $2$3"
    zpty -r -m shell shown "$4"' zsh "$1" "$2" $'\t' "$3" >/dev/null || die "zsh does not complete edms-lint $2"
}

# Completions and manual pages.
try_share() {
  local share=$1 page
  # shellcheck disable=SC2016 # The inner shell expands them.
  bash -c 'source "$1"; COMP_WORDS=(edms-lint explain pdb-blocks); COMP_CWORD=2; _edms__lint edms-lint pdb-blocks explain
    [[ " ${COMPREPLY[*]} " == *" pdb-blocks-drain "* ]]' bash "${share}/bash-completion/completions/edms-lint" ||
    die "bash does not complete names of rules"
  if has fish; then
    fish --no-config -c "source ${share}/fish/vendor_completions.d/edms-lint.fish; complete -C 'edms-lint --format s'" |
      grep -q sarif || die "fish does not complete formats"
    tried+=("completions of fish")
  else
    skipped+=("completions of fish: no fish")
  fi
  if has zsh; then
    zsh_completes "${share}/zsh/site-functions" 'explain pdb-blocks-dr' '*dr*ain*'
    zsh_completes "${share}/zsh/site-functions" 'drill --format ht' '*ht*ml*'
    tried+=("completions of zsh")
  else
    skipped+=("completions of zsh: no zsh")
  fi
  if has mandoc; then
    for page in "${share}"/man/man1/*.1; do
      mandoc -T lint -W warning "${page}" || die "${page}"
    done
    tried+=("manual pages, $(find "${share}/man/man1" -name '*.1' | wc -l) of them")
  else
    skipped+=("manual pages: no mandoc")
  fi
  tried+=("completions of bash")
}

try_wheel() {
  local bin=bin start end wheels
  has "${python}" || {
    skipped+=("wheel: no Python")
    return 0
  }
  wheels=("${dist}/edms_lint-${version}-"*.whl)
  [[ -e "${wheels[0]}" ]] || die "no wheel"
  start=$(now)
  "${python}" -m venv "${work}/venv"
  [[ -d "${work}/venv/bin" ]] || bin=Scripts
  # pip install edms-lint
  # pip install --find-links target/dist edms-lint
  # pip install --quiet edms-lint==0.1.0
  "${work}/venv/${bin}/python" -m pip install --quiet --disable-pip-version-check --no-index --find-links "${dist}" "edms-lint==${version}"
  rm -- "${work}/example/k8s/budget.yaml"
  expect 1 "${work}/venv/${bin}/edms-lint" --fail-on warning "${work}/example/k8s"
  end=$(now)
  grep -q 'pdb-missing' "${work}/out" || die "the first finding is another"
  git -C "${work}/example" checkout -q .
  [[ -f "${work}/venv/share/man/man1/edms-lint.1" || ${bin} == Scripts ]] || die "the wheel has no manual page"
  tried+=("wheel, $(du -h "${wheels[0]}" | cut -f1): $((end - start)) ms from nothing to the first finding")
  if has uvx; then
    # uvx edms-lint k8s/
    (
      cd -- "${work}/example"
      expect 0 env UV_CACHE_DIR="${work}/uv" uvx --no-index --find-links "${dist}" edms-lint k8s/
    )
    tried+=(uvx)
  else
    skipped+=("uvx: no uv")
  fi
}

# hook PROGRAM: pre-commit or prek, with the hook's repository as it would be cloned.
try_hook() {
  local runner=$1 repo="${work}/$1-repo" hooks="${work}/$1-hooks" start end first
  has "${runner}" || {
    skipped+=("hook: no ${runner}")
    return 0
  }
  mkdir -p "${hooks}"
  cp "${here}/.pre-commit-hooks.yaml" "${here}/pyproject.toml" "${hooks}/"
  git -C "${hooks}" init -q
  git -C "${hooks}" add .
  git -C "${hooks}" -c user.name=tester -c user.email=tester@example.org -c commit.gpgsign=false commit -qm hooks
  example "${repo}"
  cd -- "${repo}"
  export PIP_FIND_LINKS="${dist}" UV_FIND_LINKS="${dist}" PRE_COMMIT_HOME="${work}/$1-home" PREK_HOME="${work}/$1-home"
  printf 'repos:\n  - repo: %s\n    rev: %s\n    hooks:\n      - id: edms-lint\n' \
    "${hooks}" "$(git -C "${hooks}" rev-parse HEAD)" >.pre-commit-config.yaml
  git add .
  start=$(now)
  expect 0 "${runner}" run --all-files
  end=$(now)
  first=$((end - start))
  start=$(now)
  expect 0 "${runner}" run --all-files
  end=$(now)
  "${runner}" install >/dev/null
  git commit -qm "Add the hook" 2>/dev/null || die "${runner}: a clean commit fails"
  echo "# Shop" >README.md && git add README.md
  expect 0 git commit -m "Add a README"
  echo "one" >unrelated.txt && git add unrelated.txt
  expect 0 git commit -m "Add an unrelated file"
  git rm -q k8s/budget.yaml
  expect 1 git commit -m "Delete the budget"
  grep -q 'pdb-missing' "${work}/out" || die "${runner}: deleting a budget shows nothing"
  tried+=("${runner}: first run ${first} ms, second $((end - start)) ms, deleting a budget fails")
}

# The script of the action, as a runner runs it.
try_action() {
  local temp="${work}/runner"
  [[ -x "${work}/venv/bin/edms-lint" ]] || return 0
  mkdir -p "${temp}"
  cd -- "${work}/example"
  rm -- k8s/budget.yaml
  : >"${temp}/summary"
  : >"${temp}/output"
  expect 0 env PATH="${work}/venv/bin:${PATH}" RUNNER_TEMP="${temp}" \
    GITHUB_STEP_SUMMARY="${temp}/summary" GITHUB_OUTPUT="${temp}/output" \
    INPUT_PATHS=$'k8s\n' INPUT_ARGUMENTS="" INPUT_FAIL_ON=warning INPUT_ANNOTATIONS=true INPUT_SUMMARY=true \
    INPUT_WORKING_DIRECTORY=. INPUT_VERSION=installed "${here}/packaging/action.sh"
  grep -q '^::warning .*file=k8s/' "${work}/out" || die "the action writes no annotation"
  grep -q 'pdb-missing' "${temp}/summary" || die "the action writes no summary"
  grep -qx 'exit-code=1' "${temp}/output" || die "the action does not tell the exit code"
  grep -q '^sarif-file=' "${temp}/output" || die "the action does not tell its SARIF"
  git checkout -q .
  tried+=("action: annotations, SARIF and summary in one run")
}

# The script of GitLab's component, as a runner runs it: in a clean environment, line after line until one fails.
try_component() {
  local job="${work}/job" bin=bin
  has "${python}" || return 0
  "${python}" -m venv "${work}/component"
  [[ -d "${work}/component/bin" ]] || bin=Scripts
  "${python}" - "${here}/templates/audit.yml" >"${job}" <<'END'
import sys
text = open(sys.argv[1]).read().split("  script:\n")[1].split("  artifacts:\n")[0]
for line in text.splitlines():
    line = line.strip()
    if line.startswith("#"):
        continue
    first = line.startswith("- ")
    line = line[2:] if first else line
    print("\n" if first else " ", end="")
    print("" if line == ">-" else line.strip("'"), end="")
END
  cd -- "${work}/example"
  rm -- k8s/budget.yaml
  expect 1 env PATH="${work}/component/${bin}:${PATH}" PIP_NO_INDEX=1 PIP_FIND_LINKS="${dist}" PIP_DISABLE_PIP_VERSION_CHECK=1 \
    EDMS_LINT_PATHS=k8s EDMS_LINT_ARGUMENTS="" EDMS_LINT_FAIL_ON=warning EDMS_LINT_VERSION="${version}" bash -e "${job}"
  grep -q '"check_name": "pdb-missing"' gl-code-quality-report.json || die "the component writes no report of code quality"
  grep -q '<failure type="pdb-missing"' edms-lint.xml || die "the component writes no report of tests"
  rm -- gl-code-quality-report.json edms-lint.xml
  git checkout -q .
  tried+=("component of GitLab: its script")
}

try_container() {
  local archive=("${dist}/edms-lint-${version}-x86_64-unknown-linux-musl.tar.gz") name
  [[ -e "${archive[0]}" ]] || return 0
  name=$(basename -- "${archive[0]}" .tar.gz)
  if has docker && docker info >/dev/null 2>&1; then
    IMAGE=edms-lint "${here}/packaging/container.sh" "${dist}"
    # docker run --rm --volume "$PWD:/work:ro" edms-lint:0.1.0 k8s
    cd -- "${work}/example"
    expect 0 docker run --rm --volume "${PWD}:/work:ro" "edms-lint:${version}-amd64" k8s
    tried+=("container, by Docker")
  elif has buildah; then
    local container store=(--root "${work}/images" --runroot "${work}/run" --storage-driver vfs)
    buildah "${store[@]}" bud --quiet --isolation chroot --file "${here}/packaging/Dockerfile" --tag edms-lint "${work}/${name}" >/dev/null
    container=$(buildah "${store[@]}" from edms-lint)
    expect 0 buildah "${store[@]}" run --isolation chroot --volume "${work}/example:/work:ro" "${container}" -- /edms-lint k8s
    tried+=("container, by Buildah")
  else
    skipped+=("container: neither Docker nor Buildah")
  fi
}

example "${work}/example"
try_sums
try_archive
try_wheel
try_action
try_component
try_container
try_hook pre-commit
try_hook prek
printf 'tried: %s\n' "${tried[@]}"
[[ ${#skipped[@]} == 0 ]] || printf 'skipped: %s\n' "${skipped[@]}"
