import { HttpRequest, InvocationContext } from "@azure/functions";
import { expect, test } from "vitest";
import { given } from "./given.ts";

const URL = "https://rotation.azurewebsites.net/api/rotate";

/** Sends a body that claims a length; also tells whether it was read. */
async function claiming(length: string, body: string) {
  await given().app();
  const { rotateOnDemand } = await import("../../src/functions/rotateOnDemand.ts");
  const headers = { "content-length": length };
  const request = new HttpRequest({ url: URL, method: "POST", headers, body: { string: body } });
  const answer = await rotateOnDemand(request, new InvocationContext({ logHandler: () => {} }));
  return { status: answer.status, problems: JSON.parse(`${answer.body}`).problems, read: request.bodyUsed };
}

test("a body that says it is too long is refused before it is read", async () => {
  expect(await claiming("65537", '{"runtimes": ["omega"]}')).toEqual({
    status: 400,
    problems: ["body: longer than 64 KiB"],
    read: false,
  });
});

test("a body that says too little, or nothing that makes sense, is refused by its own length", async () => {
  const long = " ".repeat(65_537);
  for (const length of ["5", "", "many", "-1"]) {
    expect(await claiming(length, long)).toMatchObject({
      status: 400,
      problems: ["body: longer than 64 KiB"],
    });
  }
  expect(await claiming("65536", '{"runtimes": ["omega"]}')).toMatchObject({ status: 404, read: true });
});

test("64 KiB of mistakes are answered with the first twenty and their number, each told once", async () => {
  const { app } = given();
  const service = await app();
  const names = Array.from({ length: 8_000 }, (_, index) => `n${index}`);
  const answer = await service.rotate({ runtimes: names });
  expect(answer.status).toBe(404);
  expect(answer.body.problems).toEqual(
    names
      .slice(0, 20)
      .map(
        (name, index) =>
          `body.runtimes[${index}]: no configured runtime is called "${name}"; GET /api/status lists them`,
      ),
  );
  expect(answer.body.detail).toBe('There are 8000 problems; the first 20 are listed in "problems".');
  expect(JSON.stringify(answer.body).length).toBeLessThan(3000);
});

test("so are the mistakes in the settings of many runtimes", async () => {
  const { app } = given();
  const answer = await (await app(Array.from({ length: 300 }, (_, index) => `n${index}`))).status();
  expect([answer.status, answer.body.problems.length]).toEqual([500, 20]);
  expect(answer.body.detail).toBe('There are 300 problems; the first 20 are listed in "problems".');
});
