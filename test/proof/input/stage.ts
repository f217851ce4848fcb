import { HttpRequest, HttpResponse, type HttpResponseInit, InvocationContext } from "@azure/functions";
import type { CertificateAuthority } from "../../../local/azure/certificates.ts";
import type { LocalAzure } from "../../../local/azure/index.ts";
import { rotateOnDemand } from "../../../src/functions/rotateOnDemand.ts";
import { rotateOnSchedule } from "../../../src/functions/rotateOnSchedule.ts";
import { status } from "../../../src/functions/status.ts";
import { startBoundlessAzure } from "../../support/boundlessAzure.ts";
import { configured } from "./configured.ts";

export interface Answer {
  readonly status: number;
  readonly contentType: string | null;
  readonly text: string;
  readonly log: readonly string[];
}

/** The app's own functions in this process, and an Azure that would notice every call of theirs. */
export interface Stage {
  readonly azure: LocalAzure;
  /** What the app is to be configured with; what it was before is gone. */
  configure(settings: Readonly<Record<string, string | undefined>>): void;
  /** The settings of the runtimes that bodies are about. */
  readonly settings: Readonly<Record<string, string>>;
  rotate(body: Uint8Array): Promise<Answer>;
  status(): Promise<Answer>;
  /** What a tick throws, or undefined. */
  tick(): Promise<unknown>;
  stop(): Promise<void>;
}

const URL = "https://rotation.azurewebsites.net/api";

/** The process must trust the authority already: `NODE_EXTRA_CA_CERTS` is read when it starts. */
export async function startStage(authority: CertificateAuthority): Promise<Stage> {
  const azure = await startBoundlessAzure({ authority });
  for (const vault of new Set(configured.map(({ keyVaultUrl }) => keyVaultUrl))) azure.addVault(vault);
  for (const { id } of configured) azure.addRuntime(id);
  Object.assign(process.env, azure.env);

  let names: readonly string[] = Object.keys(azure.env).filter((name) => name.startsWith("AzureWebJobs"));
  const call = async (
    handler: (request: HttpRequest, context: InvocationContext) => Promise<HttpResponseInit>,
    request: HttpRequest,
  ): Promise<Answer> => {
    const log: string[] = [];
    const response = new HttpResponse(await handler(request, contextFor(log)));
    const text = await response.text();
    return { status: response.status, contentType: response.headers.get("content-type"), text, log };
  };
  return {
    azure,
    settings: {
      RUNTIMES: JSON.stringify(configured),
      AzureWebJobsStorage: azure.env.AzureWebJobsStorage ?? "",
    },
    configure(settings) {
      for (const name of names) delete process.env[name];
      names = Object.keys(settings);
      for (const [name, value] of Object.entries(settings)) {
        if (value !== undefined) process.env[name] = value;
      }
    },
    rotate: (body) =>
      call(rotateOnDemand, new HttpRequest({ url: `${URL}/rotate`, method: "POST", body: { bytes: body } })),
    status: () => call(status, new HttpRequest({ url: `${URL}/status`, method: "GET" })),
    tick: async () => {
      try {
        await rotateOnSchedule(TIMER, contextFor([]));
      } catch (error) {
        return error;
      }
    },
    stop: () => azure.stop(),
  };
}

const TIMER = {
  isPastDue: false,
  schedule: { adjustForDST: false },
  scheduleStatus: { last: "", next: "", lastUpdated: "" },
};

function contextFor(log: string[]): InvocationContext {
  return new InvocationContext({ logHandler: (_level, ...args) => log.push(args.map(String).join(" ")) });
}
