import { beforeAll, describe, expect, test } from "vitest";
import { World } from "../../../local/azure/world.ts";
import { toServiceError } from "../../../src/azure/sdkError.ts";
import { armIdOf } from "../faults/scenarios.ts";
import { everythingOf } from "../faults/secrecy.ts";
import { findCanaries } from "./canaries.ts";
import { proveRedaction, type RedactionFigures } from "./proveRedaction.ts";

let figures: RedactionFigures;
beforeAll(async () => {
  figures = await proveRedaction("small");
}, 120_000);

describe("whatever Azure answers to any call of the adapters", () => {
  test("every answer was really given, and most made the call fail", () => {
    for (const { cells, thrown, idle } of Object.values(figures.sweeps)) {
      expect(idle).toEqual([]);
      expect(thrown).toBeGreaterThan(cells / 2);
    }
    expect(figures.sweeps.errors.cells).toBeGreaterThan(150);
  });

  test("no error and no result shows an auth key, however deep one looks", () => {
    expect(Object.values(figures.sweeps).flatMap(({ leaks }) => leaks)).toEqual([]);
  });

  test("the SDKs print nothing by themselves", () => {
    expect(figures.sweeps.errors.printed).toBe(0);
  });
});

test.for(["code", "request id"])("a %s that is none shows no auth key", (place) => {
  const world = new World();
  world.addRuntime(armIdOf("alpha"));
  const { authKey1 } = world.liveKeys(armIdOf("alpha"));
  const thrown = {
    name: "RestError",
    statusCode: 400,
    ...(place === "code" ? { code: authKey1 } : { response: { headers: { get: () => authKey1 } } }),
  };
  const site = {
    service: "Key Vault",
    operation: "setSecret",
    target: "a secret",
    permission: "none",
  } as const;
  expect(findCanaries(everythingOf(toServiceError(thrown, site)))).toEqual([]);
});

describe("with AZURE_LOG_LEVEL=verbose the SDKs print every request and answer", () => {
  test("without an auth key or an access token", () => {
    const { printed, found } = figures.sweeps.verbose;
    expect(printed).toBeGreaterThan(100_000);
    expect(found).toEqual([]);
  });

  test("behind a proxy too without an auth key", () => {
    expect(figures.sweeps["verbose behind a proxy"].printed).toBeGreaterThan(10_000);
    expect(figures.sweeps["verbose behind a proxy"].found).not.toContain("auth key");
  });

  // The SDK prints all of a request, the proxy's agent with it, and with that the headers of other requests.
  test("behind a proxy too without an access token", () => {
    expect(figures.sweeps["verbose behind a proxy"].found).not.toContain("access token");
  });
});

test("runs that are left alone in the middle of any call leave no error that nobody caught", () => {
  const { standing, ...end } = figures.abandoned;
  expect(standing).toBeGreaterThan(20);
  expect(end).toEqual({ exitCode: 0, printed: 0, found: [] });
});
