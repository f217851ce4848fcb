#!/usr/bin/env bash
# Makes release/ for a tag: the deployable zip, the compiled template, an SBOM of what is bundled, and checksums. The same
# commit gives the same zip.
set -euo pipefail
tag=${1:?name the tag}
cd "$(dirname "$0")/.."
version=$(node -p 'require("./package.json").version')
if [ "$tag" != "v$version" ]; then
  echo "The tag $tag is not that of version $version in package.json" >&2
  exit 1
fi

bash .github/build.sh
rm -rf release
mkdir release
# In zip files, time has neither a zone nor seconds that are odd.
export TZ=UTC
find dist -exec touch --date="@$(git log -1 --format=%ct)" {} +
(cd dist && find . -type f | LC_ALL=C sort | zip --quiet -X ../release/app.zip -@)
cp infra/azuredeploy.json release/
npm sbom --package-lock-only --sbom-format cyclonedx --sbom-type application | node .github/sbom.ts >release/sbom.cdx.json
(cd release && sha256sum -- * >SHA256SUMS)
