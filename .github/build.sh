#!/usr/bin/env bash
# Builds dist/ with the Node of the workflow, which is pinned in .node-version, and not with the one that comes with the
# packages: `npm run` would take that.
set -euo pipefail
cd "$(dirname "$0")/.."
node=$(command -v node)
if [[ $node == */node_modules/* ]]; then
  echo "build: $node comes with the packages; take Node $(cat .node-version) of the workflow" >&2
  exit 1
fi
if [ "$("$node" --version)" != "v$(cat .node-version)" ]; then
  echo "build: $node is $("$node" --version), and .node-version says $(cat .node-version)" >&2
  exit 1
fi
"$node" build.ts
