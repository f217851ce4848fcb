import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { type LocalAzure, startLocalAzure } from "../../local/azure/index.ts";
import { type KeyName, regenerateAuthKey } from "../../local/azure/model/dataFactory.ts";
import { setSecret } from "../../local/azure/model/keyVault.ts";
import { vaultErrors } from "../../local/azure/model/vaultErrors.ts";
import { answerIdentity, type Identities } from "./identities.ts";

const VAULT = "contoso.vault.azure.net";
const FACTORY =
  "/subscriptions/00000000-0000-4000-8000-00000000fa4e/resourceGroups/plants/providers/Microsoft.DataFactory/factories/contoso";

/** What the scripts' tests talk to: a local Azure, the identities of machines, and the test's own levers. */
export interface TestWorld {
  /** Serves IMDS, Azure Arc and, under `/control/`, the levers. */
  url: string;
  env: Record<string, string>;
  stop(): Promise<void>;
}

/** @param tokenFolder where the stand-in for Arc puts its challenges */
export async function startTestWorld(tokenFolder: string): Promise<TestWorld> {
  const azure = await startLocalAzure({ storage: false });
  const identities: Identities = {
    azure,
    tokenFolder,
    clientId: undefined,
    arc: "well",
    challenge: undefined,
  };
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
    const [status, body, headers = {}] = pathname.startsWith("/control/")
      ? [200, await pull(azure, identities, pathname.slice("/control/".length), await bodyOf(request))]
      : await answerIdentity(identities, pathname, searchParams, request.headers);
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    env: {
      HTTPS_PROXY: azure.env.HTTPS_PROXY,
      // Whoever asks IMDS or Arc by the proxy gets no answer: nothing is exempt.
      HTTP_PROXY: azure.env.HTTPS_PROXY,
      NO_PROXY: "",
      // What .NET reads on Linux and macOS in place of NODE_EXTRA_CA_CERTS.
      SSL_CERT_FILE: azure.env.NODE_EXTRA_CA_CERTS,
    },
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await azure.stop();
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, string>> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text === "" ? {} : JSON.parse(text);
}

/** The levers. Each answers with what is in force then. */
async function pull(
  azure: LocalAzure,
  identities: Identities,
  lever: string,
  body: Record<string, string>,
): Promise<object> {
  switch (lever) {
    case "reset":
      azure.reset();
      Object.assign(identities, { clientId: undefined, arc: "well" });
      azure.addVault(VAULT);
      for (const name of ["onprem", "other"]) {
        azure.addRuntime(`${FACTORY}/integrationRuntimes/${name}`);
        publish(azure, name, "authKey1");
      }
      break;
    case "rotate": {
      const latest = azure.latestVersion(VAULT, secretOf("onprem"))?.tags.CredentialId;
      const next: KeyName = latest === "authKey1" ? "authKey2" : "authKey1";
      regenerateAuthKey(
        azure.state.dataFactory,
        `${FACTORY}/integrationRuntimes/onprem`,
        next,
        azure.clock.now(),
      );
      publish(azure, "onprem", next);
      break;
    }
    case "write":
      write(azure, "onprem", body.value ?? "", {});
      break;
    case "fail": {
      const { operation = "getSecret", how = "unavailable" } = body;
      const times = Number(body.times ?? 1);
      azure.faults.inject({ operation: operation as "getSecret", times, fault: faultOf(how) });
      break;
    }
    case "kill": {
      // The process whose id this file holds, when the vault is asked for the secret.
      const fault = async () =>
        void process.kill(Number(await readFile(body.pidFile ?? "", "utf8")), "SIGKILL");
      azure.faults.inject({ operation: "getSecret", fault });
      break;
    }
    case "identity":
      Object.assign(identities, body);
      break;
  }
  const latest = azure.latestVersion(VAULT, secretOf("onprem"));
  return {
    secretUrl: `https://${VAULT}/secrets/${secretOf("onprem")}`,
    otherSecretUrl: `https://${VAULT}/secrets/${secretOf("other")}`,
    version: latest?.id,
    key: latest?.value,
    live: Object.values(azure.liveKeys(`${FACTORY}/integrationRuntimes/onprem`)),
    otherLive: Object.values(azure.liveKeys(`${FACTORY}/integrationRuntimes/other`)),
    reads: azure.calls.filter((call) => call.operation === "getSecret").length,
  };
}

function secretOf(runtime: string): string {
  return `contoso-${runtime}`;
}

function publish(azure: LocalAzure, runtime: string, key: KeyName): void {
  const id = `${FACTORY}/integrationRuntimes/${runtime}`;
  write(azure, runtime, azure.liveKeys(id)[key], { CredentialId: key, ProviderAddress: id });
}

function write(azure: LocalAzure, runtime: string, value: string, tags: Record<string, string>): void {
  const { keyVault } = azure.state;
  const vault = keyVault.vaults[VAULT];
  if (vault === undefined) throw new Error(`There is no vault ${VAULT}`);
  const fields = { contentType: "text/plain", tags, enabled: true, expires: undefined, notBefore: undefined };
  setSecret(keyVault, vault, secretOf(runtime), value, fields, azure.clock.now());
}

function faultOf(how: string) {
  switch (how) {
    case "forbidden":
      return vaultErrors.forbiddenByRbac("Microsoft.KeyVault/vaults/secrets/getSecret/action", VAULT);
    case "stall":
    case "reset":
    case "cut":
    case "not-json":
      return how;
    default:
      return { status: 503, body: "" };
  }
}
