import { expect, test } from "vitest";
import { ALPHA } from "../support/useService.ts";
import { given } from "./given.ts";

test("no answer may be kept by a cache, or taken for anything but what it says it is", async () => {
  const { adopted, app } = given();
  const wrong = await app(["my-runtime"]);
  const answers = [await wrong.rotate({ dryRun: true }), await wrong.status()];
  const service = await adopted(25);
  answers.push(
    await service.status(),
    await service.rotate({ dryRun: true }),
    await service.rotate({ runtimes: ["alpha"] }),
    await service.rotate({ runtimes: ["alpha"] }),
    await service.rotate({ runtimes: ["omega"] }),
    await service.post("{"),
  );
  expect(answers.map(({ status }) => status)).toEqual([500, 500, 200, 200, 200, 409, 404, 400]);
  for (const { headers } of answers) {
    expect([headers.get("cache-control"), headers.get("x-content-type-options")]).toEqual([
      "no-store",
      "nosniff",
    ]);
  }
});

test("the time after which to call again is told beside them", async () => {
  const { adopted, leases } = given();
  const service = await adopted(25);
  await leases.hold(ALPHA);
  const { headers } = await service.rotate({ runtimes: ["alpha"] });
  expect([headers.get("retry-after"), headers.get("cache-control")]).toEqual(["60", "no-store"]);
});

test("who calls stands on each line of that run where the platform has authenticated them, and only there", async () => {
  const { adopted } = given();
  const service = await adopted(25);
  const named = { "x-ms-client-principal-name": `ada@contoso.com${"x".repeat(200)}` };
  const lines = async (headers: Record<string, string>) => {
    const { log } = await service.rotate({ runtimes: ["alpha"], dryRun: true }, headers);
    return log.map(({ text }) => JSON.parse(text).caller);
  };
  expect(await lines(named)).toEqual(Array(2).fill(expect.stringMatching(/^ada@contoso\.com.{85}$/)));
  expect(await lines({ "x-ms-client-principal-id": "a-service" })).toEqual(["a-service", "a-service"]);
  expect(await lines({})).toEqual([undefined, undefined]);
});

test("every answer ends its line in a terminal, and is broken into lines where ?pretty asks for it", async () => {
  const service = await given().adopted(25);
  const dryRun = { dryRun: true };
  const isPretty = async (query: string) => {
    const answers = [
      await service.status(query),
      await service.rotate(dryRun, {}, query),
      await service.rotate({ runtimes: ["omega"] }, {}, query),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 404]);
    for (const { body, text } of answers) {
      expect([`${JSON.stringify(body)}\n`, `${JSON.stringify(body, null, 2)}\n`]).toContain(text);
    }
    return answers.map(({ text }) => text.startsWith('{\n  "'));
  };
  expect(await isPretty("")).toEqual([false, false, false]);
  expect(await isPretty("?pretty=false")).toEqual([false, false, false]);
  expect(await isPretty("?pretty")).toEqual([true, true, true]);
  expect(await isPretty("?pretty=true")).toEqual([true, true, true]);
});
