#!/usr/bin/env bash
# Commands that pages show and that tests do not run are run here.
set -euo pipefail
