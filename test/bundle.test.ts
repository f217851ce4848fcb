import { fork } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { copyBuiltApp } from "./support/builtApp.ts";
import type { Loaded, Ticked } from "./support/bundleProcess.ts";
import { VAULT } from "./support/service.ts";
import { ALPHA, useService } from "./support/useService.ts";

const given = useService();
let folder = "";
let remove = async () => {};
beforeAll(async () => {
  ({ folder, remove } = await copyBuiltApp());
});
afterAll(() => remove());

const filesOf = async () =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));

/** Runs the app in a process of its own, which sees nothing of this one's environment. */
async function run(
  ticks: number,
  settings: Record<string, string>,
): Promise<{ loaded: Loaded; ticks: Ticked[] }> {
  const script = fileURLToPath(new URL("./support/bundleProcess.ts", import.meta.url));
  const child = fork(script, [folder, `${ticks}`], { execArgv: [], env: settings, stdio: "pipe" });
  const messages: unknown[] = [];
  let errors = "";
  child.on("message", (message) => messages.push(message));
  child.stderr?.on("data", (text) => {
    errors += text;
  });
  await once(child, "exit");
  expect(errors).toBe("");
  const [loaded, ...ticked] = messages as [Loaded, ...Ticked[]];
  return { loaded, ticks: ticked };
}

/** The packages of which the source maps of these files know anything; those that webpack built have names of its own. */
async function packagesIn(files: readonly string[]): Promise<string[]> {
  const packages = new Set<string>();
  for (const file of files) {
    const { sources } = JSON.parse(await readFile(join(folder, `${file}.map`), "utf8"));
    for (const source of sources) {
      const [, name] = /(?:node_modules\/|webpack:\/\/)((?:@[^/]+\/)?[^/]+)\//.exec(source) ?? [];
      if (name !== undefined) packages.add(name);
    }
  }
  return [...packages].sort();
}
const azureIn = async (files: readonly string[]) =>
  (await packagesIn(files)).filter((name) => name.startsWith("@azure/") && !/core|logger|msal/.test(name));

describe("the deployed folder", () => {
  test("holds what the host needs and nothing else", async () => {
    const files = await filesOf();
    expect(files.filter((file) => !file.startsWith("chunks/")).sort()).toEqual([
      "LICENSE",
      "THIRD-PARTY-LICENSES.txt",
      "host.json",
      "index.js",
      "index.js.map",
      "package.json",
    ]);
    expect(
      files.filter((file) => !/^chunks\/[\w-]+\.js(?:\.map)?$/.test(file) && file.startsWith("chunks/")),
    ).toEqual([]);
    const { main, type } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    expect([main, type]).toEqual(["index.js", "module"]);
    const host = JSON.parse(await readFile(join(folder, "host.json"), "utf8"));
    expect(host).toMatchObject({ version: "2.0", functionTimeout: "00:30:00" });
  });

  test("is under two million bytes without the maps", async () => {
    const files = (await filesOf()).filter((file) => !file.endsWith(".map"));
    const sizes = await Promise.all(files.map(async (file) => (await stat(join(folder, file))).size));
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(2_000_000);
  });

  test("holds no source texts in its maps, and no path of the machine that built it", async () => {
    for (const file of (await filesOf()).filter((each) => each.endsWith(".map"))) {
      const { sources, sourcesContent } = JSON.parse(await readFile(join(folder, file), "utf8"));
      expect(sourcesContent).toBeUndefined();
      const outside = sources.filter(
        (source: string) => !/^(?:(?:\.\.\/)+(?:src|node_modules)\/|webpack:\/\/)/.test(source),
      );
      expect(outside).toEqual([]);
    }
  });

  test("carries the licence of every package that got into it", async () => {
    const scripts = (await filesOf()).filter((file) => file.endsWith(".js"));
    const texts = await readFile(join(folder, "THIRD-PARTY-LICENSES.txt"), "utf8");
    const named = [...texts.matchAll(/^(@?\S+) \d\S* \(.+\)$/gm)].map(([, name]) => name);
    const packages = await packagesIn(scripts);
    expect(packages).toContain("@azure/arm-datafactory");
    expect(packages.filter((name) => !named.includes(name))).toEqual([]);
  });
});

describe("the built app, loaded from there in a process of its own", () => {
  test("registers exactly its three functions, and loads no Azure SDK but that of the functions", async () => {
    const { loaded } = await run(0, {});
    expect(loaded.functions).toEqual({
      rotateOnSchedule: [
        expect.objectContaining({
          type: "timerTrigger",
          direction: "in",
          schedule: "%ROTATION_SCHEDULE%",
          runOnStartup: false,
        }),
      ],
      rotateOnDemand: [
        expect.objectContaining({
          type: "httpTrigger",
          direction: "in",
          route: "rotate",
          methods: ["POST"],
          authLevel: "function",
        }),
        expect.objectContaining({ type: "http", direction: "out" }),
      ],
      status: [
        expect.objectContaining({
          type: "httpTrigger",
          direction: "in",
          route: "status",
          methods: ["GET"],
          authLevel: "function",
        }),
        expect.objectContaining({ type: "http", direction: "out" }),
      ],
    });
    expect((await packagesIn(loaded.files)).filter((name) => name.startsWith("@azure/"))).toEqual([
      "@azure/functions",
      "@azure/functions-extensions-base",
    ]);
  });

  test("runs a tick, and loads storage only for a runtime that is worked on", async () => {
    const { azure, adopted, vaultNames, minted } = given();
    await adopted(48);
    const settings = { ...azure.env, KEY_VAULT_URL: VAULT, RUNTIMES: JSON.stringify([ALPHA]) };
    azure.faults.inject({
      operation: "listAuthKeys",
      when: "after",
      fault: () => azure.clock.advance(40 * 86_400_000),
    });
    const { ticks } = await run(2, settings);
    expect(
      ticks.map(({ invocation }) => [
        invocation.error,
        JSON.parse(invocation.log.at(-1)?.text ?? "").summary,
      ]),
    ).toMatchObject([
      [undefined, { kept: 1 }],
      [undefined, { rotated: 1 }],
    ]);
    expect(await azureIn(ticks[0]?.files ?? [])).not.toContain("@azure/storage-blob");
    expect(await azureIn(ticks[1]?.files ?? [])).toContain("@azure/storage-blob");
    // Nor does it load what draws the page for people.
    expect(await packagesIn(ticks[1]?.files ?? [])).not.toContain("hono");
    expect(await packagesIn((await filesOf()).filter((file) => file.endsWith(".js")))).toContain("hono");
    expect([vaultNames(), minted()]).toEqual(["authKey2", [1, 2]]);
  });

  test("an SDK's file that could not be read for a moment is read by the next tick", async () => {
    const { azure, adopted, minted } = given();
    await adopted(31 * 24);
    const chunks = (await filesOf()).filter((file) => file.endsWith(".js"));
    const ofStorage = await Promise.all(
      chunks.map(async (file) => ((await packagesIn([file])).includes("@azure/storage-blob") ? [file] : [])),
    );
    const hidden = ofStorage.flat().map((file) => join(folder, file));
    expect(hidden).not.toEqual([]);
    const settings = { ...azure.env, KEY_VAULT_URL: VAULT, RUNTIMES: JSON.stringify([ALPHA]) };
    const isBack = Promise.withResolvers<void>();
    for (const file of hidden) await rename(file, `${file}.away`);
    // The first read is of the first tick, which then finds no lock to take.
    azure.faults.inject({
      operation: "getSecret",
      attempt: 2,
      fault: async () => {
        for (const file of hidden) await rename(`${file}.away`, file);
        isBack.resolve();
      },
    });
    const { ticks } = await run(2, settings);
    await isBack.promise;
    const outcomes = ticks.map(({ invocation }) => JSON.parse(invocation.log[0]?.text ?? "{}"));
    expect(outcomes).toMatchObject([
      { outcome: "failed", reason: "unavailable", message: expect.stringContaining("could not be loaded") },
      { outcome: "rotated", reason: "due" },
    ]);
    expect(minted()).toEqual([1, 2]);
  });
});
