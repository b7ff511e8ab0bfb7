#!/usr/bin/env bash
# Pin requirements.in, requirements-test.in and requirements-node.in with hashes. Argument: the pip-compile to use.
# Settings of this machine (mirrors, constraints) are kept out, so that the pins are the public index's.
set -euo pipefail

unset PIP_FIND_LINKS PIP_CONSTRAINT PIP_EXTRA_INDEX_URL
export PIP_CONFIG_FILE=/dev/null CUSTOM_COMPILE_COMMAND="make lock"
for name in requirements requirements-test requirements-node; do
    "$1" -q --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links \
        --no-emit-trusted-host --output-file "$name.txt" "$name.in"
done
