/** Makes `dist/`: exactly what is deployed. The host provides `@azure/functions-core`; all else is bundled. */
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build, type Metafile } from "esbuild";

const OUT = "dist";

await rm(OUT, { recursive: true, force: true });
await mkdir(OUT);
const { metafile } = await build({
  entryPoints: ["src/index.ts"],
  outdir: OUT,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node22",
  mainFields: ["module", "main"],
  // Nobody lists blobs here, which is all that the storage SDK loads Arrow for.
  external: ["@azure/functions-core", "apache-arrow"],
  // Bundled CommonJS packages call `require`, which an ES module does not have by itself. Its name here is longer than
  // any that minifying gives: a chunk that has the same could not be loaded.
  banner: {
    js: 'import{createRequire as makeRequire}from"node:module";const require=makeRequire(import.meta.url);',
  },
  minify: true,
  sourcemap: true,
  sourcesContent: false,
  legalComments: "none",
  chunkNames: "chunks/[name]-[hash]",
  metafile: true,
  logLevel: "warning",
});

const { name, version, license } = JSON.parse(await readFile("package.json", "utf8"));
await writeFile(
  join(OUT, "package.json"),
  `${JSON.stringify({ name, version, license, type: "module", main: "index.js" }, null, 2)}\n`,
);
await cp("host.json", join(OUT, "host.json"));
await cp("LICENSE", join(OUT, "LICENSE"));
const ownLicence = await readFile("LICENSE", "utf8");
await writeFile(join(OUT, "THIRD-PARTY-LICENSES.txt"), await licences(metafile));

/** The licence texts of every package of which anything got into the bundle. */
async function licences({ inputs }: Metafile): Promise<string> {
  const folders = Object.keys(inputs).flatMap(
    (path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? [],
  );
  const texts = [...new Set(folders)].sort().map(async (folder) => {
    const { name, version, license, author } = JSON.parse(
      await readFile(join(folder, "package.json"), "utf8"),
    );
    const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|notice)/i.test(file));
    const bodies = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
    if (files.length === 0) bodies.push(standardText(name, license, author));
    return [`${name} ${version} (${license})`, ...bodies].join("\n\n");
  });
  return (await Promise.all(texts)).join(`\n\n${"-".repeat(80)}\n\n`);
}

/** For a package that says under which licence it is, and does not bring the text: the app's own has the same. */
function standardText(name: string, license: string, author: string): string {
  if (license !== "MIT") throw new Error(`${name} brings no text of its licence, ${license}`);
  return ownLicence.replace(/^Copyright .*$/m, `Copyright (c) ${author}`);
}
