import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { LocalAzure } from "../../local/azure/index.ts";
import { World } from "../../local/azure/world.ts";
import type { Begun, Invocation } from "../../local/host/functionApp.ts";
import { listenFrom } from "../../local/host/listen.ts";
import { fleet } from "../../local/start/fleet.ts";
import { Reporter } from "../../local/start/report.ts";

/** Answers as the Core Tools do where the runner asks, and tells what it was started with. */
const FAKE_FUNC = `#!${process.execPath}
const { createServer } = require("node:http");
const [, , command, , port] = process.argv;
console.log("FAKE func", command, process.cwd().split(/[\\\\/]/).at(-1), process.env.ROTATION_SCHEDULE);
createServer((request, response) => {
  console.log("FAKE func", request.method, request.url, request.headers["content-type"]);
  if (request.url === "/admin/host/status") response.end('{"state":"Running"}');
  else if (request.url === "/api/status") response.end('{"runtimes":[]}');
  else response.writeHead(202).end();
}).listen(Number(port), "127.0.0.1");
process.on("SIGINT", () => process.exit());
`;

let folder: string;
let temporary: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "start-test-"));
  temporary = join(folder, "tmp");
  await mkdir(temporary);
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** What a test that failed has left running must not be found by the next. */
const groups: Runner[] = [];
afterEach(async () => {
  for (const child of groups.splice(0)) if (groupLives(child)) process.kill(-(child.pid ?? 0), "SIGKILL");
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary);
});

type Runner = ChildProcessByStdio<null, Readable, Readable>;

/** In a process group of its own, so that what it leaves behind can be seen. */
function start(args: string[], path = process.env.PATH): { child: Runner; text: () => string } {
  const child = spawn(process.execPath, ["local/start.ts", ...args], {
    detached: true,
    env: { ...process.env, PATH: path, TMPDIR: temporary },
    stdio: ["ignore", "pipe", "pipe"],
  });
  groups.push(child);
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (text += chunk));
  return { child, text: () => text };
}

async function started(text: () => string): Promise<void> {
  await expect.poll(text, { timeout: 40_000 }).toContain("Ctrl-C ends everything");
}

/** What Ctrl-C does: the signal reaches every process of the group. */
async function interrupt(child: Runner): Promise<number | null> {
  process.kill(-(child.pid ?? 0), "SIGINT");
  await once(child, "close");
  return child.exitCode;
}

async function nothingIsLeft(child: Runner): Promise<void> {
  await expect.poll(() => groupLives(child)).toBe(false);
  expect(await readdir(temporary)).toEqual([]);
}

function groupLives(child: Runner): boolean {
  try {
    return process.kill(-(child.pid ?? 0), 0);
  } catch {
    return false;
  }
}

describe("npm start", () => {
  it("shows a fleet in every state, moves its clock, and leaves nothing behind", {
    timeout: 60_000,
  }, async () => {
    const taken = createServer();
    await listenFrom(taken, 7071);
    const { child, text } = start([]);
    await started(text);
    const rows = text().match(/^ {2}[\w-]+ +[\w-]+ [\w-]+ +(?:\w{6} |no keys).*$/gm) ?? [];
    expect(rows.map((row) => row.trim().split(/ +/).slice(0, 3).join(" "))).toEqual([
      "berlin healthy not-due",
      "hamburg nodes-lost nodes-lost",
      "porto due braked",
      "madrid healthy not-due",
      "tallinn due rollout",
      "lisbon due paused",
      "vienna drifted drift",
      "riga unfinished unfinished-rotation",
      "oslo unpublished first-contact",
      "cadiz blocked secret-disabled",
      "turin unreadable access-denied",
      "berlin-shared blocked runtime-linked",
    ]);
    expect(rows[1]).toMatch(/ ✓ \w{6} 0\/2$/);
    expect(rows[6]).toMatch(/ ✗ \w{6} 0\/2$/);

    const [status = ""] = /http\S+\/api\/status\S+/.exec(text()) ?? [];
    expect(new URL(status).port).not.toBe("7071");
    expect(await (await fetch(status)).text()).toMatch(/^\{\n {2}"runtimes": \[\n/);
    expect(text()).toContain("a page in a browser, JSON for curl");
    const shown = await (await fetch(status, { headers: { accept: "text/html" } })).text();
    expect(shown).toContain("4 of 12 runtimes need a person");
    const refused = await fetch(status.replace("status", "rotate"), {
      method: "POST",
      body: '{"runtimes": ["rome"]}',
    });
    expect(refused.status).toBe(404);
    // What it prints comes by another way than its answer, and may come after it.
    await expect
      .poll(text)
      .toMatch(/POST \/api\/rotate\n +404 No such runtime: .*no configured runtime is called\s+"rome"/);

    const [clock = ""] = /http\S+\/local\/clock\?advance=P1D/.exec(text()) ?? [];
    const [nodes = ""] = /http\S+\/local\/nodes/.exec(text()) ?? [];
    expect((await fetch(nodes, { method: "POST" })).status).toBe(200);
    const moved = await fetch(clock, { method: "POST" });
    expect([moved.status, await moved.text()]).toEqual([
      200,
      expect.stringContaining("the timer has ticked"),
    ]);
    await expect.poll(text).toMatch(/vienna +published drift .* ✓ \w{6} 0\/2$/m);
    await expect.poll(text).toMatch(/hamburg +kept .* ✓ \w{6} 2\/2$/m);
    for (const wrong of ["P1M", "tomorrow", "P", "P9999D"]) {
      const refused = await fetch(clock.replace("P1D", wrong), { method: "POST" });
      expect(refused.status).toBe(400);
    }
    expect((await fetch(clock)).status).toBe(404);

    const page = await (await fetch(new URL("/", clock))).text();
    expect(page).toContain(status.replace("&pretty", ""));
    const [action = ""] = /\/local\/clock\?advance=PT1H/.exec(page) ?? [];
    const headers = { accept: "text/html" };
    const pressed = await fetch(new URL(action, clock), { method: "POST", headers, redirect: "manual" });
    expect([pressed.status, pressed.headers.get("location")]).toEqual([303, "/"]);

    expect(text()).not.toContain("IR@");
    // One word may be longer than a line: a URL.
    const isLong = (line: string) => line.length > 80 && !/^ +\S+$/.test(line);
    expect(text().split("\n").filter(isLong)).toEqual([]);
    expect(await interrupt(child)).toBe(0);
    await nothingIsLeft(child);
    taken.close();
  });

  it("shows a thousand runtimes that patterns find page by page, and that come and go with each day", {
    timeout: 240_000,
  }, async () => {
    const { child, text } = start(["--fleet"]);
    await expect.poll(text, { timeout: 120_000 }).toContain("Ctrl-C ends everything");
    const named = (pattern: RegExp) =>
      (text().match(pattern) ?? []).map((row) => row.trim().replace(/ +/g, " "));
    expect(text()).toContain("984 of 1000 are healthy");
    expect(named(/^ {2}\w+-001 +[\w-]+ [\w-]+/gm)).toEqual([
      "mills-001 unpublished first-contact",
      "ports-001 drifted drift",
      "farms-001 blocked secret-disabled",
      "rails-001 blocked secret-not-ours",
      "banks-001 unreadable access-denied",
      "mines-001 due rollout",
    ]);

    const [clock = ""] = /http\S+\/local\/clock\?advance=P1D/.exec(text()) ?? [];
    expect((await fetch(clock, { method: "POST" })).status).toBe(200);
    await expect.poll(text).toContain("Meanwhile: 2 new, 2 gone");
    await expect.poll(() => named(/^ {2}\w+-\d+ +published first-contact/gm)).toHaveLength(3);
    await expect.poll(text).toMatch(/^ {2}(?=.*\b5 blocked)(?=.*\b2 failed).*\b98\d kept/m);
    expect(text()).not.toContain("deferred");

    const [status = ""] = /http\S+\/api\/status\S+/.exec(text()) ?? [];
    const { runtimes } = (await (await fetch(status)).json()) as { runtimes: { state: string }[] };
    expect(runtimes).toHaveLength(1000);
    expect(runtimes.filter(({ state }) => state === "healthy").length).toBeGreaterThan(950);
    expect(await interrupt(child)).toBe(0);
    await nothingIsLeft(child);
  });

  it.each([0, 400, 2000])(
    "leaves nothing behind where it is interrupted %i ms after it begins to start",
    async (afterMs) => {
      const { child, text } = start([]);
      await expect.poll(text).toContain("are being played");
      await delay(afterMs);
      expect(await interrupt(child)).toBe(0);
      await nothingIsLeft(child);
    },
  );

  it("ends where nobody reads it any more", { timeout: 60_000 }, async () => {
    const { child, text } = start([]);
    await expect.poll(text).toContain("are being played");
    child.stdout.destroy();
    const [code] = await once(child, "close");
    expect(text()).not.toContain("EPIPE");
    expect(code).toBe(141);
    await nothingIsLeft(child);
  });

  it("says how it is called", async () => {
    const { child, text } = start(["--help"]);
    await once(child, "close");
    expect(text()).toContain("npm start -- --func");
    expect(text()).toContain("npm start -- --fleet");
    expect(child.exitCode).toBe(0);
  });

  it("runs the app under func where that is on the PATH", { timeout: 60_000 }, async () => {
    await writeFile(join(folder, "func"), FAKE_FUNC);
    await chmod(join(folder, "func"), 0o755);
    const { child, text } = start(["--func"], `${folder}${delimiter}${process.env.PATH}`);
    await started(text);
    expect(text()).toContain("FAKE func start dist 0 0 * * * *");
    const [clock = ""] = /http\S+\/local\/clock\?advance=P1D/.exec(text()) ?? [];
    await fetch(clock, { method: "POST" });
    await expect.poll(text).toContain("FAKE func POST /admin/functions/rotateOnSchedule application/json");
    expect(await interrupt(child)).toBe(0);
    await nothingIsLeft(child);
  });

  it("says what is missing where func is not on the PATH", async () => {
    const { child, text } = start(["--func"], dirname(process.execPath));
    await once(child, "close");
    expect(text().trim().split("\n")).toEqual([expect.stringContaining("`func` is not on the PATH")]);
    expect(child.exitCode).toBe(1);
  });
});

describe("what npm start tells of an invocation", () => {
  const { berlin, lisbon, shared } = fleet;
  const azure = new World() as LocalAzure;
  azure.addVault(berlin.vaultUrl);
  for (const { id } of [berlin, lisbon]) azure.addRuntime(id);

  const tick = { id: "1", name: "rotateOnSchedule", trigger: "timer" } as const;
  const call = { id: "2", name: "rotateOnDemand", trigger: "http" } as const;
  const rotated = (runtime: string) => ({
    level: "information",
    text: JSON.stringify({
      event: "rotation.runtime",
      runtime,
      outcome: "rotated",
      reason: "due",
      message: "a sentence",
    }),
  });
  const end = (begun: Begun, error?: string): Invocation => ({
    ...begun,
    log: [],
    error,
    refusal: undefined,
  });

  function told(json: boolean, invoke: (reporter: Reporter, told: () => string[]) => void): string[] {
    const log = vi.spyOn(console, "log").mockReturnValue();
    const lines = () => log.mock.calls.flatMap(([text]) => stripVTControlCharacters(text).split("\n"));
    invoke(new Reporter(azure, [berlin, lisbon, shared], json), lines);
    const all = lines();
    log.mockRestore();
    return all;
  }
  const names = (lines: string[]) => lines.map((each) => each.trim().split(/ {2,}/).slice(0, 2).join(", "));

  it("is there as soon as the app tells it, before the run is over", () => {
    told(false, (reporter, lines) => {
      reporter.logged(tick, rotated(lisbon.id));
      expect(names(lines().slice(1))).toEqual(["lisbon, rotated due", "a sentence"]);
    });
  });

  it("is a line for each runtime at the end of a tick, and one for those concerned in a call", () => {
    const ofTick = told(false, (reporter) => {
      reporter.logged(tick, rotated(lisbon.id));
      reporter.ended(end(tick));
    });
    expect(names(ofTick.slice(1))).toEqual([
      "lisbon, rotated due",
      "a sentence",
      "berlin, kept",
      "berlin-shared kept, no keys of its own",
    ]);
    const ofCall = told(false, (reporter) => {
      reporter.logged(call, rotated(lisbon.id));
      reporter.ended(end(call));
    });
    expect(names(ofCall.slice(1))).toEqual(["lisbon, rotated due", "a sentence"]);
  });

  it("has its title anew where another invocation comes in between", () => {
    const lines = told(false, (reporter) => {
      reporter.logged(tick, rotated(lisbon.id));
      reporter.logged(call, rotated(berlin.id));
      reporter.ended(end(call));
      reporter.ended(end(tick));
    });
    const titles = lines.filter((line) => /^\d/.test(line)).map((line) => line.slice(21));
    expect(titles).toEqual(["tick", "POST /api/rotate", "tick"]);
  });

  it("is only what is new since the tick before", () => {
    const lines = told(false, (reporter) => {
      for (const id of ["1", "2", "3"]) {
        if (id !== "3") reporter.logged({ ...tick, id }, rotated(lisbon.id));
        reporter.ended(end({ ...tick, id }));
      }
    });
    expect(lines.filter((line) => line.includes("berlin "))).toHaveLength(1);
    expect(names(lines).slice(-2)).toEqual([expect.stringMatching(/tick$/), "lisbon, kept"]);
    expect(lines.filter((line) => /tick: nothing new$/.test(line))).toHaveLength(1);
  });

  it("is the app's own log lines with --json", () => {
    const line = rotated(lisbon.id);
    expect(told(true, (reporter) => reporter.logged(tick, line))).toEqual([
      expect.stringMatching(/tick$/),
      `  ${line.text}`,
    ]);
  });

  it("is the error where the app did not get to log anything", () => {
    const error = "ConfigurationError: RUNTIMES is missing";
    const lines = told(false, (reporter) => reporter.ended(end(tick, error)));
    expect(lines.at(-1)).toBe("  ConfigurationError: RUNTIMES is missing");
  });
});
