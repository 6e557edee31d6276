#!/usr/bin/env bash
# Builds the container from the archives of a release: container.sh FOLDER [--push]
# With --push for both kinds of machine, to the registry of the repository at GitHub.
set -euo pipefail

here=$(cd -- "$(dirname -- "$0")" && pwd)
dist=$1
work=$(mktemp -d)
trap 'rm -rf -- "${work}"' EXIT
tags=()
for archive in "${dist}"/edms-lint-*-unknown-linux-musl.tar.gz; do
  name=$(basename -- "${archive}" .tar.gz)
  tar -xzf "${archive}" -C "${work}"
  case "${name}" in
    *-x86_64-*) platform=amd64 ;;
    *-aarch64-*) platform=arm64 ;;
    *) echo "${name}: no platform is known for it" >&2 && exit 1 ;;
  esac
  version=${name#edms-lint-}
  version=${version%%-*}
  image=${IMAGE:-edms-lint}:${version}
  if [[ "${2:-}" == --push ]]; then
    image=ghcr.io/${GITHUB_REPOSITORY,,}:${version}
  fi
  docker build --quiet --platform "linux/${platform}" --file "${here}/Dockerfile" --tag "${image}-${platform}" "${work}/${name}"
  tags+=("${image}-${platform}")
done
if [[ "${2:-}" == --push ]]; then
  docker login ghcr.io --username "${GITHUB_ACTOR}" --password-stdin <<<"${REGISTRY_TOKEN}"
  for tag in "${tags[@]}"; do docker push --quiet "${tag}"; done
  docker manifest create "${image}" "${tags[@]}"
  docker manifest push "${image}"
fi
