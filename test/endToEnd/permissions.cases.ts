import { describe, expect, test } from "vitest";
import { vaultErrors } from "../../local/azure/model/vaultErrors.ts";
import { given } from "./given.ts";

const RUNTIMES = "Microsoft.DataFactory/factories/integrationruntimes";
const SECRETS = "Microsoft.KeyVault/vaults/secrets";

// The permission, the age of the published key in hours or none, what became of the run, and the minted values.
test.each<[action: string, hours: number | undefined, outcome: string, named: string, minted: number[]]>([
  [`${RUNTIMES}/read`, undefined, "failed access-denied", "nothing", [1, 1]],
  [`${RUNTIMES}/listauthkeys/action`, 31 * 24, "failed access-denied", "authKey1", [1, 1]],
  [`${RUNTIMES}/regenerateauthkey/action`, 31 * 24, "failed access-denied", "authKey1", [1, 1]],
  [`${SECRETS}/getSecret/action`, 31 * 24, "failed access-denied", "authKey1", [1, 1]],
  [`${SECRETS}/setSecret/action`, undefined, "failed access-denied", "nothing", [1, 1]],
  [`${SECRETS}/setSecret/action`, 31 * 24, "failed access-denied", "authKey1", [1, 2]],
  [`${SECRETS}/update/action`, 31 * 24, "failed access-denied", "authKey1", [1, 1]],
  // Listing versions is only needed to retire the dead ones, which the next publish does as well.
  [`${SECRETS}/readMetadata/action`, 31 * 24, "rotated due", "authKey2", [1, 2]],
])("without %s (age of the published key in hours: %s): %s, and the message names it", async (...row) => {
  const [action, hours, outcome, named, minted] = row;
  const { azure, app, adopted, vaultNames, minted: mintedNow } = given();
  const service = hours === undefined ? await app() : await adopted(hours);
  azure.deny(action);
  const [denied] = (await service.tick()).outcomes;
  expect(`${denied?.outcome} ${denied?.reason}`).toBe(outcome);
  expect(denied?.message).toContain("the app's identity lacks a permission");
  expect(denied?.message).toMatch(new RegExp(`; grant it .*${action} on the`));
  expect([vaultNames(), mintedNow()]).toEqual([named, minted]);

  azure.allow(action);
  expect(await service.tick()).toMatchObject({ failure: undefined });
});

describe("a vault that refuses the app", () => {
  test.each([
    ["by its firewall", vaultErrors.forbiddenByFirewall(), "the vault's network rules refuse the app"],
    ["for want of a private endpoint", vaultErrors.forbiddenByConnection(), "give it a private endpoint"],
    ["by an access policy", vaultErrors.accessDenied(), "Get, List and Set for secrets in an access policy"],
  ])("%s is told apart from the others", async (_how, fault, says) => {
    const { azure, adopted, minted } = given();
    const app = await adopted(31 * 24);
    azure.faults.inject({ operation: "getSecret", fault });
    const [outcome] = (await app.tick()).outcomes;
    expect(outcome).toMatchObject({ outcome: "failed", reason: "access-denied" });
    expect(outcome?.message).toContain(says);
    expect(minted()).toEqual([1, 1]);
  });
});
