import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Invocation } from "../../local/host/functionApp.ts";
import { type Host, startHost } from "../../local/host/index.ts";

const LIBRARY = pathToFileURL(createRequire(import.meta.url).resolve("@azure/functions")).href;

/** An app that does what no good one does. */
const APP = `
import functions from ${JSON.stringify(LIBRARY)};
const { app } = functions;
app.timer("tick", { schedule: "%EVERY%", handler: (timer, context) => {
  context.warn("ticked", timer.isPastDue, process.env.HOME === undefined);
} });
app.timer("lost", { schedule: "%MISSING%", handler: () => {} });
app.timer("odd", { schedule: "0 0 3 L * *", handler: () => {} });
app.timer("endless", { schedule: "0 0 3 * * *", handler: (timer, context) => {
  context.log("begun");
  return new Promise(() => {});
} });
app.timer("failing", { schedule: "0 0 3 * * *", handler: () => { throw new RangeError("too far"); } });
app.http("greet", { route: "greeting", methods: ["POST"], authLevel: "function", handler: async (request) => ({
  status: 201,
  headers: { "x-seen": request.query.get("name") },
  jsonBody: { body: await request.text() },
}) });
app.http("throws", { methods: ["GET"], authLevel: "anonymous", handler: () => { throw new Error("no"); } });
app.http("silent", { methods: ["GET"], authLevel: "anonymous", handler: () => {} });
`;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "host-test-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe("the built bundle, in a folder with nothing else", () => {
  it("registers its functions without node_modules", async () => {
    const deployed = join(folder, "deployed");
    await cp("dist", deployed, { recursive: true });
    const host = await startHost({ folder: deployed, settings: { ROTATION_SCHEDULE: "0 0 3 * * *" } });
    const status = await fetch(`${host.url}/api/status`, {
      headers: { "x-functions-key": host.keys.function },
    });
    const problem = await status.json();
    await host.stop();
    expect(host.functions).toEqual(["rotateOnSchedule", "rotateOnDemand", "status"]);
    expect(host.problems).toEqual([]);
    expect(host.output()).toBe("");
    // The settings are read when a function runs, and only then.
    expect({ status: status.status, problem }).toMatchObject({ status: 500, problem: { status: 500 } });
  });

  it("does not start from a folder without an app", async () => {
    await expect(startHost({ folder: join(folder, "nothing"), settings: {} })).rejects.toThrow(
      /does not start/,
    );
  });
});

describe("the mini host", () => {
  let host: Host;
  const invoked: Invocation[] = [];
  const get = (path: string, init?: RequestInit) => fetch(`${host.url}${path}`, init);
  const statusOf = async (path: string, init?: RequestInit) => (await get(path, init)).status;

  beforeAll(async () => {
    await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module", main: "app.js" }));
    await writeFile(join(folder, "app.js"), APP);
    host = await startHost({
      folder,
      settings: { EVERY: "* * * * * *" },
      timers: true,
      onInvoked: (invocation) => invoked.push(invocation),
    });
  });
  afterAll(() => host.stop());

  it("hands over the request and the answer of an HTTP function", async () => {
    const response = await get("/api/greeting?code=FAKE-function-key&name=ada", {
      method: "POST",
      body: "hello",
    });
    expect(response.status).toBe(201);
    expect(response.headers.get("x-seen")).toBe("ada");
    expect(await response.json()).toEqual({ body: "hello" });
  });

  it.each([
    ["function", 201],
    ["host", 201],
    ["master", 201],
    ["other", 401],
  ])("answers the %s key with %i", async (name, status) => {
    const headers = { "x-functions-key": `FAKE-${name}-key` };
    expect(await statusOf("/api/greeting", { method: "POST", headers })).toBe(status);
  });

  it("answers 401 without a key", async () => {
    expect(await statusOf("/api/greeting", { method: "POST" })).toBe(401);
  });

  it("answers 404 for another method or route, with a key or without", async () => {
    expect(await statusOf("/api/greeting?code=FAKE-function-key")).toBe(404);
    expect(await statusOf("/api/other?code=FAKE-function-key")).toBe(404);
    expect(await statusOf("/greeting", { method: "POST" })).toBe(404);
  });

  it("answers an error that a handler throws with an empty 500, and nothing returned with 204", async () => {
    const response = await get("/api/throws");
    expect([response.status, await response.text()]).toEqual([500, ""]);
    expect(await statusOf("/api/silent")).toBe(204);
  });

  it("runs a timer by hand with the master key, and does not tell how it ends", async () => {
    const run = (name: string, key: string, type = "application/json", body = "{}") =>
      statusOf(`/admin/functions/${name}`, {
        method: "POST",
        headers: { "x-functions-key": key, "content-type": type },
        body,
      });
    expect(await run("failing", "FAKE-function-key")).toBe(401);
    expect(await run("nobody", "FAKE-master-key")).toBe(404);
    expect(await run("failing", "FAKE-master-key", "text/plain")).toBe(415);
    expect(await run("failing", "FAKE-master-key", "application/json", "{")).toBe(400);
    expect(await run("failing", "FAKE-master-key")).toBe(202);
    await expect
      .poll(() => invoked.find(({ name }) => name === "failing"))
      .toMatchObject({ trigger: "admin", error: "RangeError: too far" });
  });

  it("fires a timer by its schedule, with the settings as its whole environment", async () => {
    const log = [{ level: "warning", text: "ticked false true" }];
    await expect
      .poll(() => invoked, { timeout: 3000 })
      .toContainEqual({ id: expect.any(String), name: "tick", trigger: "timer", log });
  });

  it("says of a schedule what the host says, and leaves the function out", async () => {
    expect(host.problems).toEqual([
      "The 'lost' function is in error: '%MISSING%' does not resolve to a value.",
      "The 'odd' function is in error: The schedule expression '0 0 3 L * *' was not recognized as a valid cron expression or timespan string.",
    ]);
    await expect(host.run("lost")).rejects.toThrow("The host runs no lost");
  });

  it("tells what a run came to", async () => {
    expect(await host.run("failing")).toMatchObject({ name: "failing", error: "RangeError: too far" });
  });

  it("hands over a line as soon as it is written, so that a process that dies loses none", async () => {
    const heard: string[] = [];
    const doomed = await startHost({
      folder,
      settings: { EVERY: "0 0 3 * * *" },
      onLogged: ({ name, trigger }, { level, text }) => heard.push([name, trigger, level, text].join(" ")),
    });
    const run = doomed.run("endless");
    await expect.poll(() => heard).toEqual(["endless timer information begun"]);
    await doomed.kill();
    expect(await run).toBeUndefined();
  });

  it("dies under a run like a crashed process", async () => {
    const doomed = await startHost({ folder, settings: { EVERY: "0 0 3 * * *" } });
    const run = doomed.run("endless");
    await doomed.kill();
    expect(await run).toBeUndefined();
    expect(() => process.kill(doomed.pid, 0)).toThrow(/ESRCH/);
  });
});
