import { afterEach, beforeEach, expect } from "vitest";
import type { LocalAzure } from "../../local/azure/index.ts";
import type { KeyName } from "../../local/azure/model/dataFactory.ts";
import { type SecretVersion, setSecret } from "../../local/azure/model/keyVault.ts";
import { type Leases, leasesOf } from "./leases.ts";
import { useLocalAzure } from "./localAzure.ts";
import { loadService, runtimeId, type Service, type Settings, told, VAULT } from "./service.ts";

export const ALPHA = runtimeId("alpha");
export const ALPHA_SECRET = `${VAULT}/secrets/contoso-alpha`;
export const DAY = 86_400_000;
const HOUR = 3_600_000;
const HOST = "contoso.vault.azure.net";

/**
 * A local Azure with one vault, one runtime `alpha` and a clock that stands at 2027-01-01T00:00:00Z. Two
 * promises are watched in every test: after each write of the app the vault names a live key, and nothing that
 * leaves the app holds the value of one.
 */
export function useService() {
  const local = useLocalAzure({ storage: true });
  let leases: Leases | undefined;
  let dead: string[] = [];

  beforeEach(async () => {
    const azure = local();
    leases ??= leasesOf(azure.env.AzureWebJobsStorage ?? "");
    await leases.clear();
    azure.addVault(VAULT);
    azure.clock.stop(Date.parse("2027-01-01T00:00:00Z"));
    azure.addRuntime(ALPHA);
    dead = [];
    azure.faults.inject({
      operation: ["regenerateAuthKey", "setSecret", "updateSecret"],
      times: Number.POSITIVE_INFINITY,
      when: "after",
      fault: ({ seq, operation, resource, effect }) => {
        const id = Object.keys(azure.state.dataFactory.runtimes).find((each) =>
          [each, `${VAULT}/secrets/${secretNameOf(each)}`].includes(resource.toLowerCase()),
        );
        if (!effect || id === undefined) return;
        if (vaultNames(secretNameOf(id), id) === "dead key") dead.push(`${seq} ${operation}`);
      },
    });
  });
  afterEach(() => {
    expect(dead, "writes after which the vault names a dead key").toEqual([]);
    const leaks = told.splice(0).filter((text) => /IR@|FAKE/.test(text));
    expect(leaks.length, "texts from the app with a key value in them").toBe(0);
  });

  /** Which live key the latest version of a secret holds. Tests compare this, so that no value is printed. */
  function vaultNames(secret = "contoso-alpha", runtime = ALPHA): KeyName | "dead key" | "nothing" {
    const azure = local();
    const latest = azure.latestVersion(VAULT, secret);
    const { authKey1, authKey2 } = azure.liveKeys(runtime);
    if (latest === undefined) return "nothing";
    if (latest.value === authKey1) return "authKey1";
    return latest.value === authKey2 ? "authKey2" : "dead key";
  }

  return () => {
    const azure = local();
    if (leases === undefined) throw new Error("The storage account has not started yet");
    const app = (runtimes: readonly unknown[] = [ALPHA], settings: Settings = {}): Promise<Service> => {
      const own = { KEY_VAULT_URL: VAULT, OVERLAP: "P1D", RUNTIMES: JSON.stringify(runtimes) };
      return loadService({ ...azure.env, ...own, ...settings });
    };
    const forget = () => {
      azure.state.calls.length = 0;
    };
    const operations = () =>
      azure.calls
        .map(({ operation }) => operation)
        .filter((operation) => operation !== "challenge" && operation !== "token");
    const lives = (key: KeyName, runtime = ALPHA) =>
      azure.state.dataFactory.runtimes[runtime.toLowerCase()]?.keys[key] ?? [];
    return {
      azure,
      leases,
      /** An app with these runtimes, by default alpha alone, and one day of overlap. */
      app,
      /** An app that met its runtimes this many hours ago, so that authKey1 is published. */
      adopted(hours: number, runtimes: readonly string[] = [ALPHA], settings?: Settings): Promise<Service> {
        for (const id of runtimes) publishFirst(azure, id);
        azure.clock.advance(hours * HOUR);
        return app(runtimes, settings);
      },
      vaultNames,
      latest(secret = "contoso-alpha"): SecretVersion {
        const latest = azure.latestVersion(VAULT, secret);
        if (latest === undefined) throw new Error(`There is no secret ${secret}`);
        return latest;
      },
      versions: (secret = "contoso-alpha") =>
        azure.state.keyVault.vaults[HOST]?.secrets[secret]?.versions ?? [],
      lives,
      /** How often each key was minted, the first time included. */
      minted: (runtime = ALPHA) => [lives("authKey1", runtime).length, lives("authKey2", runtime).length],
      /** What was asked of ARM and the vault since the last `forget`, without tokens and challenges. */
      operations,
      /** How many calls spent the budget of ARM's writes since then: listings count. */
      armWrites: () =>
        operations().filter((each) => each === "listAuthKeys" || each === "regenerateAuthKey").length,
      forget,
    };
  };
}

/** What first contact writes, without the calls that it takes. */
function publishFirst(azure: LocalAzure, id: string): void {
  const { state, clock } = azure;
  const tags = {
    CredentialId: "authKey1",
    ProviderAddress: id,
    ValidityPeriodDays: "60",
    RotationState: "{}",
  };
  const fields = { contentType: "text/plain", tags, expires: clock.now() / 1000 + 60 * 86_400 };
  const { authKey1 } = azure.liveKeys(id);
  setSecret(state.keyVault, state.keyVault.vaults[HOST]!, secretNameOf(id), authKey1, fields, clock.now());
}

/** The default of the setting. */
function secretNameOf(id: string): string {
  const [factory, , runtime] = id.split("/").slice(-3);
  return `${factory}-${runtime}`;
}
