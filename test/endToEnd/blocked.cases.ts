import { expect, test } from "vitest";
import type { LocalAzure } from "../../local/azure/index.ts";
import { runtimeId, VAULT } from "../support/service.ts";
import { ALPHA } from "../support/useService.ts";
import { given } from "./given.ts";

const gone = ({ state }: LocalAzure) => void delete state.dataFactory.runtimes[ALPHA.toLowerCase()];
const foreign = ({ state, clock }: LocalAzure) => {
  const created = clock.now() / 1000;
  state.keyVault.vaults["contoso.vault.azure.net"]!.secrets["contoso-alpha"] = {
    name: "contoso-alpha",
    deletedAt: undefined,
    versions: [
      {
        id: "0123456789abcdef0123456789abcdef",
        value: "FAKE password of a database",
        contentType: undefined,
        tags: {},
        enabled: true,
        created,
        updated: created,
        expires: undefined,
        notBefore: undefined,
      },
    ],
  };
};

// What is wrong, how it comes about, whether there was a secret before, and what is said to whom has to act.
test.each<[string, (azure: LocalAzure) => void, "adopted" | "new", reason: string, says: string]>([
  [
    "its runtime is gone",
    gone,
    "adopted",
    "runtime-missing",
    "correct RUNTIMES, or create the runtime again",
  ],
  [
    "its factory is gone",
    (azure) => {
      gone(azure);
      azure.state.dataFactory.factories = {};
    },
    "adopted",
    "runtime-missing",
    "correct RUNTIMES, or create the runtime again",
  ],
  [
    "its runtime is a managed one",
    (azure) => void azure.addRuntime(ALPHA, { kind: "managed" }),
    "new",
    "runtime-not-self-hosted",
    "remove it from RUNTIMES",
  ],
  [
    "its runtime became a linked one, whose keys are refused",
    (azure) => void azure.addRuntime(ALPHA, { kind: "linked", linkedTo: runtimeId("shared") }),
    "adopted",
    "runtime-linked",
    "configure that one instead",
  ],
  [
    "its runtime is a linked one, for which the shared keys are listed",
    (azure) => {
      azure.addRuntime(runtimeId("shared"));
      azure.addRuntime(ALPHA, { kind: "linked", linkedTo: runtimeId("shared") });
      azure.state.dataFactory.linkedKeys = "shared";
    },
    "new",
    "runtime-linked",
    "configure that one instead",
  ],
  [
    "somebody disabled the latest version",
    (azure) => {
      azure.latestVersion(VAULT, "contoso-alpha")!.enabled = false;
    },
    "adopted",
    "secret-disabled",
    "enable it, or delete and purge the secret",
  ],
  [
    "somebody deleted the secret",
    (azure) => azure.deleteSecret(VAULT, "contoso-alpha"),
    "adopted",
    "secret-deleted",
    "recover or purge it",
  ],
  [
    "the secret is somebody else's",
    foreign,
    "new",
    "secret-not-ours",
    "give this runtime another secretName, or remove that secret",
  ],
])("where %s, every trigger is blocked, nothing changes, and it is said who has to act", async (...row) => {
  const [, happens, before, reason, says] = row;
  const { azure, app, adopted } = given();
  const service = before === "adopted" ? await adopted(31 * 24) : await app();
  happens(azure);
  const secrets = structuredClone(azure.state.keyVault);
  const { minted } = azure.state.dataFactory;

  const tick = await service.tick();
  expect(tick.outcomes).toMatchObject([{ outcome: "blocked", reason }]);
  expect(tick.outcomes[0]?.message).toContain(says);
  expect(tick.log.map(({ level }) => level)).toEqual(["warning", "information"]);
  expect(tick.failure).toContain(`${ALPHA}: blocked, ${reason}`);
  const answer = await service.rotate({ runtimes: ["*"] });
  expect([answer.status, answer.body.runtimes[0]]).toMatchObject([409, { outcome: "blocked", reason }]);
  expect(azure.state.keyVault).toEqual(secrets);
  expect(azure.state.dataFactory.minted).toBe(minted);
});

test("a secret that is recovered, or enabled again, is taken up where it was left", async () => {
  const { azure, adopted, vaultNames, latest } = given();
  const app = await adopted(31 * 24);
  azure.deleteSecret(VAULT, "contoso-alpha");
  expect((await app.tick()).summary).toMatchObject({ blocked: 1 });
  azure.recoverSecret(VAULT, "contoso-alpha");
  latest().enabled = false;
  expect((await app.tick()).summary).toMatchObject({ blocked: 1 });
  latest().enabled = true;
  expect((await app.tick()).outcomes).toMatchObject([{ outcome: "rotated", reason: "due" }]);
  expect(vaultNames()).toBe("authKey2");
});
