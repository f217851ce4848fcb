/**
 * Of npm's list of all packages, read from standard input, what got into the bundle, as its licences tell: CycloneDX. npm
 * itself leaves out what tests need as well (`--omit dev`; npm/cli#7909).
 */
import { readFileSync } from "node:fs";

interface Sbom {
  components: { "bom-ref": string; name: string; version: string }[];
  dependencies: { ref: string; dependsOn: string[] }[];
  metadata: { component: { "bom-ref": string } };
}

const headings = readFileSync("dist/THIRD-PARTY-LICENSES.txt", "utf8")
  .split(`\n\n${"-".repeat(80)}\n\n`)
  .map((text) => /^(\S+) (\S+) \(/.exec(text)!);
const bundled = new Set(headings.map(([, name, version]) => `${name}@${version}`));

const sbom: Sbom = JSON.parse(readFileSync(0, "utf8"));
const found = new Map(
  sbom.components
    .filter(({ name, version }) => bundled.has(`${name}@${version}`))
    .map((component) => [component["bom-ref"], component]),
);
const known = new Set([...found.values()].map(({ name, version }) => `${name}@${version}`));
const unknown = [...bundled].filter((name) => !known.has(name));
if (unknown.length > 0) throw new Error(`npm does not know ${unknown.join(", ")}`);

const refs = new Set([sbom.metadata.component["bom-ref"], ...found.keys()]);
const dependencies = sbom.dependencies
  .filter(({ ref }) => refs.has(ref))
  .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => refs.has(other)) }));
console.log(JSON.stringify({ ...sbom, components: [...found.values()], dependencies }, null, 2));
