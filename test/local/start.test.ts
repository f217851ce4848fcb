import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { LocalAzure } from "../../local/azure/index.ts";
import { World } from "../../local/azure/world.ts";
import type { Invocation } from "../../local/host/functionApp.ts";
import { listenFrom } from "../../local/host/listen.ts";
import { furnish } from "../../local/start/furnish.ts";
import { Reporter } from "../../local/start/report.ts";

/** Answers as the Core Tools do where the runner asks, and tells what it was started with. */
const FAKE_FUNC = `#!${process.execPath}
const { createServer } = require("node:http");
const [, , command, , port] = process.argv;
console.log("FAKE func", command, process.cwd().split(/[\\\\/]/).at(-1), process.env.ROTATION_SCHEDULE);
createServer((request, response) => {
  console.log("FAKE func", request.method, request.url, request.headers["content-type"]);
  if (request.url === "/admin/host/status") response.end('{"state":"Running"}');
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

type Runner = ChildProcessByStdio<null, Readable, Readable>;

/** In a process group of its own, so that what it leaves behind can be seen. */
function start(args: string[], path = process.env.PATH): { child: Runner; text: () => string } {
  const child = spawn(process.execPath, ["local/start.ts", ...args], {
    detached: true,
    env: { ...process.env, PATH: path, TMPDIR: temporary },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (text += chunk));
  return { child, text: () => text };
}

async function started(text: () => string): Promise<void> {
  await expect.poll(text, { timeout: 15_000 }).toContain("Ctrl-C ends everything");
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
  it("runs the app, moves its clock, and leaves nothing behind", async () => {
    const taken = createServer();
    await listenFrom(taken, 7071);
    const { child, text } = start([]);
    await started(text);
    expect(text()).toMatch(/berlin +published first-contact +authKey1 (\w+) .* vault ✓ \1/);
    expect(text()).toMatch(/berlin-shared +blocked runtime-linked/);

    const [status = ""] = /http\S+\/api\/status[^"]+/.exec(text()) ?? [];
    expect(new URL(status).port).not.toBe("7071");
    const answer = (await (await fetch(status)).json()) as { runtimes: { state: string }[] };
    expect(answer.runtimes.map(({ state }) => state)).toEqual(["healthy", "healthy", "blocked"]);

    const refused = await fetch(status.replace("status", "rotate"), {
      method: "POST",
      body: '{"runtimes": ["madrid"]}',
    });
    expect(refused.status).toBe(404);
    // What it prints comes by another way than its answer, and may come after it.
    await expect
      .poll(text)
      .toMatch(/POST \/api\/rotate\n +404 No such runtime: .*"madrid" is none of the configured/);

    const [clock = ""] = /http\S+\/local\/clock\?advance=P31D/.exec(text()) ?? [];
    const moved = await fetch(clock, { method: "POST" });
    expect([moved.status, await moved.text()]).toEqual([
      200,
      expect.stringContaining("the timer has ticked"),
    ]);
    await expect.poll(text).toMatch(/berlin +rotated due +authKey1 \w+ +authKey2 (\w+) +vault ✓ \1/);
    for (const wrong of ["P1M", "tomorrow", "P", "P9999D"]) {
      const refused = await fetch(clock.replace("P31D", wrong), { method: "POST" });
      expect(refused.status).toBe(400);
    }
    expect(text()).not.toContain("IR@");

    expect(await interrupt(child)).toBe(0);
    await nothingIsLeft(child);
    taken.close();
  });

  it("runs the app under func where that is on the PATH", async () => {
    await writeFile(join(folder, "func"), FAKE_FUNC);
    await chmod(join(folder, "func"), 0o755);
    const { child, text } = start(["--func"], `${folder}${delimiter}${process.env.PATH}`);
    await started(text);
    await expect.poll(text).toContain("FAKE func start dist 0 */5 * * * *");
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
  const { azure, runtimes } = furnished();
  const line = { event: "rotation.runtime", runtime: runtimes[0]?.id, outcome: "rotated", reason: "due" };
  const text = JSON.stringify({ ...line, message: "a sentence" });
  const tick = {
    id: "1",
    name: "rotateOnSchedule",
    trigger: "timer",
    log: [{ level: "information", text }],
  } as const;

  function told(json: boolean, ...invocations: Invocation[]): string[] {
    const log = vi.spyOn(console, "log").mockReturnValue();
    const reporter = new Reporter(azure, runtimes, json);
    for (const invocation of invocations) reporter.report(invocation);
    const lines = log.mock.calls.flatMap(([text]) => stripVTControlCharacters(text).split("\n"));
    log.mockRestore();
    return lines;
  }

  it("is a line for each runtime in a tick, and one for those concerned in a call", () => {
    const names = (lines: string[]) => lines.map((each) => each.split(/ {2,}/)[1]);
    const invocation = { ...tick, log: [...tick.log], error: undefined, refusal: undefined };
    expect(names(told(false, invocation))).toEqual([
      "tick",
      "berlin",
      "a sentence",
      "lisbon",
      "berlin-shared",
    ]);
    expect(names(told(false, { ...invocation, trigger: "http" }))).toEqual(["tick", "berlin", "a sentence"]);
  });

  it("is short where a tick is as the one before", () => {
    const invocation = { ...tick, log: [], error: undefined, refusal: undefined };
    expect(told(false, invocation, invocation).at(-1)).toMatch(/tick: nothing new$/);
  });

  it("is the app's own log lines with --json", () => {
    expect(told(true, { ...tick, log: [...tick.log], error: undefined, refusal: undefined })).toContain(
      `  ${text}`,
    );
  });

  it("is the error where the app did not get to log anything", () => {
    const error = "ConfigurationError: RUNTIMES is missing";
    const invocation = { ...tick, log: [], error, refusal: undefined };
    expect(told(false, invocation).at(-1)).toBe("  ConfigurationError: RUNTIMES is missing");
  });
});

function furnished() {
  const azure = Object.assign(new World(), { env: {}, stop: async () => {} }) as unknown as LocalAzure;
  return { azure, runtimes: furnish(azure).runtimes };
}
