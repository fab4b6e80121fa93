#!/usr/bin/env bash
# debian.sh [PACKAGE...]: installs those, or all that the project needs, where they are missing;
# silent where none is.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

missing=()
while read -r package command; do
  if [[ -n "$command" ]] && command -v "$command" >/dev/null; then continue; fi
  status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [[ "$status" == installed ]] || missing+=("$package")
done < <(
  if [[ $# -gt 0 ]]; then printf '%s\n' "$@"; else
    sed -e 's/#.*//' -e '/^ *$/d' "$here/debian-packages.txt"
  fi
)
[[ ${#missing[@]} -gt 0 ]] || exit 0

root=()
if [[ $(id -u) -ne 0 ]]; then
  command -v sudo >/dev/null || { echo "not root and no sudo: install ${missing[*]}" >&2; exit 1; }
  root=(sudo)
fi
apt() { "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o Dpkg::Use-Pty=0 "$@" </dev/null; }

echo "Debian packages to install: ${missing[*]}"
apt update
# PostgreSQL's package would make and start a cluster of the system's. Only its programs are
# wanted here, so that step is switched off while it is installed for the first time.
no_cluster=
if [[ ! -d /etc/postgresql ]]; then
  no_cluster=/etc/postgresql-common/createcluster.d/ormc.conf
  "${root[@]}" mkdir -p "${no_cluster%/*}"
  echo "create_main_cluster = false" | "${root[@]}" tee "$no_cluster" >/dev/null
fi
apt install -y --no-install-recommends "${missing[@]}"
if [[ -n "$no_cluster" ]]; then "${root[@]}" rm -f "$no_cluster"; fi
