import { expect, test } from "vitest";
import { regenerateAuthKey } from "../../local/azure/model/dataFactory.ts";
import { vaultErrors } from "../../local/azure/model/vaultErrors.ts";
import { type KeyName, otherKey } from "../../src/services.ts";
import { VAULT } from "../support/service.ts";
import { ALPHA, ALPHA_SECRET } from "../support/useService.ts";
import { given } from "./given.ts";

type Context = ReturnType<typeof given>;

test("the history is told where it is asked for, and only then", async () => {
  const { adopted, versions } = given();
  const app = await adopted(48);
  await app.rotate({ runtimes: ["alpha"] });
  for (const query of ["", "?history=1", "?history=false"]) {
    expect((await app.status(query)).body.runtimes[0].history).toBeNull();
  }
  const [first, second] = versions();
  expect((await app.status("?history=true")).body.runtimes[0].history).toEqual([
    {
      version: second?.id,
      publishedAt: "2027-01-03T00:00:00Z",
      key: "authKey2",
      reason: "on-demand",
      enabled: true,
    },
    { version: first?.id, publishedAt: "2027-01-01T00:00:00Z", key: "authKey1", reason: null, enabled: true },
  ]);
});

const UNKNOWN = { publishedKey: null, publishedAt: null, dueAt: null, expiresAt: null };
const TIMES = {
  publishedAt: "2027-01-01T00:00:00Z",
  dueAt: "2027-01-31T00:00:00Z",
  expiresAt: "2027-03-02T00:00:00Z",
};
const regenerate = (key: "authKey1" | "authKey2", { azure }: Context) =>
  regenerateAuthKey(azure.state.dataFactory, ALPHA, key, azure.clock.now());
const intend = (intent: object, { latest }: Context) => {
  latest().tags.RotationState = JSON.stringify({ intent });
};

// The state, the hours since the key was published or none, what happened since, and what is shown.
test.each<
  [state: string, what: string, hours: number | undefined, (context: Context) => unknown, shown: object]
>([
  [
    "healthy",
    "after it was published",
    48,
    () => {},
    { reason: "not-due", publishedKey: "authKey1", ...TIMES },
  ],
  [
    "healthy",
    "at the minute it becomes due",
    30 * 24,
    () => {},
    { reason: "not-due", publishedKey: "authKey1", ...TIMES },
  ],
  ["due", "an hour later", 30 * 24 + 1, () => {}, { reason: "due", publishedKey: "authKey1", ...TIMES }],
  ["unpublished", "before first contact", undefined, () => {}, { reason: "first-contact", ...UNKNOWN }],
  [
    "unpublished",
    "with a live key that is not tagged as ours",
    48,
    ({ latest }) => {
      latest().tags = {};
    },
    { reason: "first-contact", publishedKey: "authKey1", ...TIMES, dueAt: null },
  ],
  [
    "drifted",
    "after somebody's own regenerating",
    48,
    (context) => regenerate("authKey1", context),
    { reason: "drift", publishedKey: null, ...TIMES },
  ],
  [
    "unfinished",
    "where a run died after its regenerate",
    48,
    (context) => {
      intend({ kind: "rotate", key: "authKey2", was: "another", run: "dead", compromised: false }, context);
    },
    { reason: "unfinished-rotation", publishedKey: "authKey1", ...TIMES },
  ],
  [
    "unfinished",
    "where a compromise is pending",
    1,
    (context) => intend({ kind: "kill", key: "authKey2", was: "another" }, context),
    // Its key has changed since: only the intent is left to remove.
    { reason: "not-due", publishedKey: "authKey1", ...TIMES },
  ],
  [
    "blocked",
    "where the runtime is gone",
    48,
    ({ azure }) => delete azure.state.dataFactory.runtimes[ALPHA.toLowerCase()],
    { reason: "runtime-missing", publishedKey: null, ...TIMES },
  ],
  [
    "blocked",
    "where the secret is disabled",
    48,
    ({ latest }) => {
      latest().enabled = false;
    },
    { reason: "secret-disabled", ...UNKNOWN },
  ],
  [
    "unreadable",
    "where the vault refuses",
    48,
    ({ azure }) => azure.faults.inject({ operation: "getSecret", fault: vaultErrors.forbiddenByFirewall() }),
    { reason: "access-denied", ...UNKNOWN },
  ],
])("a runtime is %s %s", async (state, _what, hours, happens, shown) => {
  const { app, adopted, azure, operations } = given();
  const service = hours === undefined ? await app() : await adopted(hours);
  happens(given());
  const before = structuredClone([azure.state.keyVault, azure.state.dataFactory]);
  const answer = await service.status();
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/json"]);
  const names = { runtime: ALPHA, secret: ALPHA_SECRET };
  const message = expect.stringMatching(/\w/);
  const { publishedKey } = shown as { publishedKey?: KeyName | null };
  const nextKey = publishedKey ? otherKey(publishedKey) : null;
  const { reason } = shown as { reason?: string };
  const nodes = state === "unreadable" || reason === "runtime-missing" ? null : [];
  expect(answer.body).toEqual({
    runtimes: [{ ...names, state, message, nextKey, nodes, history: null, ...shown }],
  });
  expect([azure.state.keyVault, azure.state.dataFactory]).toEqual(before);
  expect(operations().filter((each) => each === "listAuthKeys").length).toBeLessThanOrEqual(1);
});

test("before first contact it says which key dies at the first rotation and which at the second, and when, and what it cannot see", async () => {
  const { app, azure, latest } = given();
  const service = await app();
  const { message } = (await service.status()).body.runtimes[0];
  expect(message).toContain("authKey1 is published as it is and nothing is regenerated");
  expect(message).toContain("the first rotation, due 2027-01-31T00:00:00Z, regenerates authKey2");
  expect(message).toContain("the second, due about 2027-03-02T00:00:00Z, regenerates authKey1");
  expect(message).toContain("if the secret turns out to be soft-deleted");
  await service.tick();
  expect(latest().expires).toBe(Date.parse("2027-03-02T00:00:00Z") / 1000);
  azure.deleteSecret(VAULT, "contoso-alpha");
  expect((await service.status()).body.runtimes[0]).toMatchObject({ state: "unpublished", ...UNKNOWN });
});
