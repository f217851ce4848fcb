#!/usr/bin/env bash
# Builds dist/ with the Node of the workflow, which is pinned in .nvmrc, and not with the one that comes with the
# packages: `npm run` would take that.
set -euo pipefail
cd "$(dirname "$0")/.."
node=$(command -v node)
if [[ $node == */node_modules/* ]]; then
  echo "build: $node comes with the packages; take Node $(cat .nvmrc) of the workflow" >&2
  exit 1
fi
if [ "$("$node" --version)" != "v$(cat .nvmrc)" ]; then
  echo "build: $node is $("$node" --version), and .nvmrc says $(cat .nvmrc)" >&2
  exit 1
fi
"$node" build.ts
