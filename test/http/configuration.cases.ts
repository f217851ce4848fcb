import { expect, test } from "vitest";
import { given } from "./given.ts";

test("wrong settings fail each invocation with all that is wrong with them, and the app loads nevertheless", async () => {
  const { app, azure } = given();
  const service = await app(["my-runtime"], { OVERLAP: "PT1M", CONCURRENCY: "0" });
  const problems = [
    'OVERLAP: "PT1M" is not accepted; give at least "PT10M"',
    'RUNTIMES[0]: "my-runtime" is not accepted; give an ARM id: /subscriptions/{guid}/resourceGroups/{group}/providers/Microsoft.DataFactory/factories/{factory}/integrationRuntimes/{runtime}',
    'CONCURRENCY: "0" is not accepted; give a whole number from 1 to 64',
  ];
  for (const answer of [
    await service.rotate({ runtimes: ["*"] }),
    await service.status(),
    await service.post("no JSON"),
  ]) {
    expect([answer.status, answer.headers.get("content-type")]).toEqual([500, "application/problem+json"]);
    expect(answer.body).toEqual({
      type: "about:blank",
      title: "The app settings are wrong; nothing was done",
      status: 500,
      detail: 'What is wrong is listed in "problems".',
      problems,
    });
  }
  const { failure, log } = await service.tick();
  expect(failure).toBe(
    `ConfigurationError: The app settings are not valid:\n${problems.map((problem) => `- ${problem}`).join("\n")}`,
  );
  expect(log).toEqual([]);
  expect(azure.calls).toEqual([]);
});

test("a storage account's key is not quoted in what is said of a wrong connection string", async () => {
  const { app } = given();
  const service = await app(undefined, { AzureWebJobsStorage: "AccountKey=FAKE;;nonsense" });
  const answer = await service.status();
  expect(answer.status).toBe(500);
  expect(answer.body.problems).toEqual([
    'AzureWebJobsStorage: the value (not shown: it may hold a key) is not a connection string; give one such as "DefaultEndpointsProtocol=https;AccountName=…;AccountKey=…;EndpointSuffix=core.windows.net"',
  ]);
});
