import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { callService } from "../../src/azure/callService.ts";
import { loadSdk } from "../../src/azure/loadSdk.ts";
import { failureOf } from "./operations.ts";

const site = { service: "Key Vault", operation: "getSecret", target: "t", permission: "p" } as const;

test("an SDK that could not be loaded is loaded by the next call, and then no more", async () => {
  const folder = await mkdtemp(join(tmpdir(), "load-sdk-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, "sdk.mjs");
  let loads = 0;
  const sdk = loadSdk(() => {
    loads += 1;
    return import(/* @vite-ignore */ pathToFileURL(file).href);
  });
  const call = () => callService(site, { timeoutMs: 10_000 }, async () => (await sdk()).answer);

  const together = await Promise.allSettled([call(), call()]);
  expect(together.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await failureOf(call())).toMatchObject({
    reason: "unavailable",
    code: "ERR_MODULE_NOT_FOUND",
    nothingSent: true,
  });
  expect((await failureOf(call())).message).toContain(
    "could not be loaded from the app's files; the next call tries again",
  );

  await writeFile(file, "export const answer = 42;");
  expect(await Promise.all([call(), call()])).toEqual([42, 42]);
  const before = loads;
  expect(await call()).toBe(42);
  expect(loads).toBe(before);
});
