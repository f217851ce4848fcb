import { json, type Reply } from "./answers.ts";
import { answerArm } from "./armHttp.ts";
import { type Azurite, startAzurite } from "./azurite.ts";
import { answerBlobs } from "./blobHttp.ts";
import { type CertificateAuthority, createCertificateAuthority } from "./certificates.ts";
import { startIdentity } from "./identity.ts";
import { performOpen } from "./perform.ts";
import { type HttpRequest, startProxy } from "./proxy.ts";
import { answerVault } from "./vaultHttp.ts";
import { World } from "./world.ts";

export interface LocalAzureOptions {
  /** An authority that the clients trust already; without it a new one is made and `env` names it. */
  authority?: CertificateAuthority;
  /** The host that ARM answers for, such as that of a sovereign cloud. */
  armHost?: string;
  /** Whether there is a storage account, which costs a process. Default: there is. */
  storage?: boolean;
}

/** The settings that make an app talk to this Azure. */
export interface LocalAzureEnv {
  HTTPS_PROXY: string;
  NO_PROXY: string;
  NODE_EXTRA_CA_CERTS: string;
  IDENTITY_ENDPOINT: string;
  IDENTITY_HEADER: string;
  /** Missing without a storage account. */
  AzureWebJobsStorage?: string;
}

export type LocalAzure = World & {
  readonly env: Readonly<LocalAzureEnv>;
  /** Closes every connection and ends what was started. */
  stop(): Promise<void>;
};

interface Stoppable {
  stop(): Promise<void>;
}

/** Starts an Azure on 127.0.0.1: Data Factory and Key Vault behind a proxy, an identity, a storage account. */
export async function startLocalAzure(options: LocalAzureOptions = {}): Promise<LocalAzure> {
  const { armHost = "management.azure.com", storage = true } = options;
  const world = new World();
  const starting: Promise<Stoppable>[] = [];
  const start = <T extends Stoppable>(part: Promise<T>): Promise<T> => {
    starting.push(part);
    return part;
  };
  const stop = async () => {
    const parts = await Promise.allSettled(starting.splice(0));
    await Promise.all(parts.map((part) => (part.status === "fulfilled" ? part.value.stop() : undefined)));
  };
  try {
    const authority = options.authority ?? (await start(createCertificateAuthority()));
    let account: Azurite | undefined;
    const [proxy, identity] = await Promise.all([
      start(startProxy(authority, (request) => route(world, armHost, account, request))),
      start(startIdentity(world)),
      storage &&
        start(startAzurite()).then((started) => {
          account = started;
        }),
    ]);
    const env: LocalAzureEnv = {
      HTTPS_PROXY: proxy.url,
      NO_PROXY: "127.0.0.1,localhost",
      NODE_EXTRA_CA_CERTS: authority.certPath,
      IDENTITY_ENDPOINT: identity.endpoint,
      IDENTITY_HEADER: identity.header,
      ...(account === undefined ? {} : { AzureWebJobsStorage: account.connectionString }),
    };
    return Object.assign(world, { env, stop });
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A host that nobody plays is answered as a proxy answers for one that it cannot reach. */
function route(
  world: World,
  armHost: string,
  account: Azurite | undefined,
  request: HttpRequest,
): Promise<Reply> {
  const vault = world.state.keyVault.vaults[request.host];
  if (vault !== undefined) return answerVault(world, vault, request);
  if (request.host === armHost.toLowerCase()) return answerArm(world, request);
  if (account !== undefined && request.host.endsWith(".blob.core.windows.net")) {
    return answerBlobs(world, account, request);
  }
  return performOpen(world, {
    service: "other",
    operation: "unknown",
    resource: `https://${request.host}${request.path}`,
    run: () => json({ error: { code: "BadGateway", message: `Unknown host ${request.host}` } }, 502),
  });
}
