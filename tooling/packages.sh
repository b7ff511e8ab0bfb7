#!/usr/bin/env bash
# Install Debian packages that are missing, and start none of the services they bring.
# An argument is a package, or PROGRAM:PACKAGE for a package wanted only where PROGRAM is not on the PATH.
set -euo pipefail

missing=()
for wanted in "$@"; do
    package=${wanted##*:}
    program=${wanted%:*}
    if [ "$program" != "$package" ] && { [ -x "$program" ] || command -v "$(basename "$program")" >/dev/null; }; then
        continue
    fi
    if [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)" != installed ]; then
        missing+=("$package")
    fi
done
[ ${#missing[@]} -eq 0 ] && exit 0

root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "Missing: ${missing[*]}. Install them as root, or install sudo." >&2; exit 1; }
    root=(sudo)
fi

# Debian starts a service as it installs it, unless policy-rc.d says no. Ours stands for this call only.
policy=${POLICY_RC_D:-/usr/sbin/policy-rc.d}
if [ ! -e "$policy" ]; then
    trap '"${root[@]}" rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' | "${root[@]}" tee "$policy" >/dev/null
    "${root[@]}" chmod 755 "$policy"
fi

echo "Installing: ${missing[*]}"
"${root[@]}" apt-get -q -o=Dpkg::Use-Pty=0 update
"${root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get -q -o=Dpkg::Use-Pty=0 install -y --no-install-recommends "${missing[@]}"
