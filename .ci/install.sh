#!/usr/bin/env bash
# Installs system packages with apt: install.sh PACKAGE...
set -euo pipefail
sudo=""
[ "$(id -u)" = 0 ] || sudo=sudo
command -v apt-get >/dev/null || { echo "please install: $*" >&2; exit 1; }
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get update -q >/dev/null
$sudo apt-get install -y -q --no-install-recommends "$@" >/dev/null
