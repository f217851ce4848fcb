import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LocalAzure } from "../../local/azure/index.ts";
import { regenerateAuthKey } from "../../local/azure/model/dataFactory.ts";
import { setSecret } from "../../local/azure/model/keyVault.ts";
import { performOpen } from "../../local/azure/perform.ts";
import { World } from "../../local/azure/world.ts";
import { startWatch } from "../../local/demo/watch.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "demo-test-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function demo(args: string[] = [], readUntil?: string): Promise<{ code: number; text: string }> {
  const temporary = await mkdtemp(join(folder, "tmp-"));
  const child = spawn(process.execPath, ["local/demo.ts", ...args], {
    env: { ...process.env, TMPDIR: temporary },
  });
  let text = "";
  child.stdout.on("data", (chunk) => {
    text += chunk;
    // As `head` does.
    if (readUntil !== undefined && text.includes(readUntil)) child.stdout.destroy();
  });
  child.stderr.on("data", (chunk) => (text += chunk));
  const [code] = await once(child, "close");
  expect(await readdir(temporary), "what is left behind").toEqual([]);
  return { code, text };
}

describe("npm run demo", () => {
  it("shows eight months, checks them, and says what to do next", { timeout: 90_000 }, async () => {
    const { code, text } = await demo();
    expect(text).toMatch(/\d+ claims held in \d+ ticks/);
    expect(code).toBe(0);
    const lines = text.split("\n");
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    const dead = lines.filter((line) => / ✗ \w{6}/.test(line));
    expect(dead).toEqual([expect.stringContaining("(by hand)")]);
    const lost = lines.filter((line) => / 0\/2$/.test(line));
    expect(lost).toEqual([expect.stringContaining("blocked nodes-lost")]);
    expect(text).toContain("played here");
    expect(text).toContain("npm run test:nodes");
    expect(text.slice(text.indexOf("What next:"))).toMatch(
      /npm start.+status page.+docs\/adoption.md.+docs\/deploy.md/s,
    );
    expect(text).not.toContain("IR@");
    expect(text).not.toContain("\u001b");
  });

  it("fails where the app rotates more often than it should", { timeout: 30_000 }, async () => {
    const built = pathToFileURL(resolve("dist/index.js")).href;
    await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module", main: "index.js" }));
    await writeFile(
      join(folder, "index.js"),
      `process.env.ROTATE_EVERY = "P2D"; await import(${JSON.stringify(built)});`,
    );
    const { code, text } = await demo([folder]);
    expect(text).toMatch(
      /Not as claimed: the tick of 2026-01-04 has nothing to do\n {2}expected .*\n {2}seen .*rotated due/,
    );
    expect(text).not.toContain("claims held");
    expect(code).toBe(1);
  });

  it("ends at once where nobody reads it any more", { timeout: 30_000 }, async () => {
    const { code, text } = await demo([], "first tick");
    expect(text).not.toContain("What next");
    expect(text).not.toMatch(/EPIPE|Error/);
    expect(code).toBe(141);
  });

  it.each([
    [["--help"], 0],
    [["--fast"], 2],
  ])("says how it is called with %j", async (args, expected) => {
    const { code, text } = await demo(args);
    expect(text).toContain("npm run demo -- FOLDER");
    expect(code).toBe(expected);
  });
});

describe("the watch of the demo", () => {
  const runtime = {
    name: "berlin",
    id: "/subscriptions/s/resourceGroups/g/providers/Microsoft.DataFactory/factories/f/integrationRuntimes/berlin",
    vaultUrl: "https://contoso.vault.azure.net",
    secretName: "f-berlin",
  };

  function setUp() {
    const world = new World();
    world.addRuntime(runtime.id);
    const vault = world.addVault(runtime.vaultUrl);
    const watch = startWatch(world as LocalAzure, [runtime]);
    const publish = (value: string) =>
      setSecret(world.state.keyVault, vault, runtime.secretName, value, {}, 0);
    const regenerate = () => regenerateAuthKey(world.state.dataFactory, runtime.id, "authKey1", 0);
    const call = (run: () => void) =>
      performOpen(world, {
        service: "arm",
        operation: "unknown",
        resource: "",
        run: () => {
          run();
          return { status: 200, headers: {}, body: "" };
        },
      });
    return { world, watch, publish, regenerate, call };
  }

  it("sees a dead key that lasts for one call", async () => {
    const { world, watch, publish, regenerate, call } = setUp();
    await call(() => publish(world.liveKeys(runtime.id).authKey1));
    await call(regenerate);
    await call(() => publish(world.liveKeys(runtime.id).authKey1));
    expect(watch.dead).toEqual(["berlin, after call 2, unknown", "berlin, before call 3, unknown"]);
    expect(watch).toMatchObject({ moments: 5, deadByHand: 0 });
  });

  it("excuses one that a person left there, until it is repaired", async () => {
    const { world, watch, publish, regenerate, call } = setUp();
    publish(world.liveKeys(runtime.id).authKey1);
    watch.excuse(runtime);
    regenerate();
    await call(() => publish(world.liveKeys(runtime.id).authKey1));
    expect(watch).toMatchObject({ deadByHand: 1, dead: [] });
    await call(regenerate);
    expect(watch.dead).toEqual(["berlin, after call 2, unknown"]);
  });

  it("counts the looks in which nodes are lost", async () => {
    const { world, watch, regenerate, call } = setUp();
    world.registerNode(runtime.id, "shir01", world.liveKeys(runtime.id).authKey1);
    await call(() => {});
    expect(watch.nodesLost).toEqual({});
    await call(regenerate);
    expect(watch.nodesLost).toEqual({ berlin: 1 });
  });
});
