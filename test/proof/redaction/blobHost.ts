import type { Reply } from "../../../local/azure/answers.ts";
import { answerArm } from "../../../local/azure/armHttp.ts";
import type { CertificateAuthority } from "../../../local/azure/certificates.ts";
import type { LocalAzure } from "../../../local/azure/index.ts";
import { type HttpRequest, startProxy } from "../../../local/azure/proxy.ts";
import { answerVault } from "../../../local/azure/vaultHttp.ts";
import type { HostileAnswer } from "./hostileAnswers.ts";

/** A host of blobs that grants every lease unless it is told to answer otherwise, and the rest of Azure beside it. */
export interface BlobHost {
  readonly proxy: Awaited<ReturnType<typeof startProxy>>;
  /** What requests about this blob are answered from now on; returns how many were. */
  answer(blob: string, reply: HostileAnswer["answer"] | "stall"): () => number;
}

/** Over TLS and with the app's identity, as in the cloud: only so does storage see tokens. */
export async function startBlobHost(
  azure: LocalAzure,
  authority: Pick<CertificateAuthority, "keyPath" | "certPath">,
): Promise<BlobHost> {
  const told = new Map<string, { reply: HostileAnswer["answer"] | "stall"; hits: number }>();
  const lease = ({ path, headers }: HttpRequest): Reply => {
    const leaseId = `${headers["x-ms-proposed-lease-id"] ?? headers["x-ms-lease-id"]}`;
    const status = headers["x-ms-lease-action"] === "acquire" ? 201 : 200;
    const granted = { status, headers: { "x-ms-lease-id": leaseId }, body: "" };
    const entry = told.get(path.slice(path.lastIndexOf("/") + 1));
    if (entry === undefined) return granted;
    entry.hits += 1;
    return entry.reply === "cut" ? { cut: { ...granted, body: "cut short" } } : entry.reply;
  };
  const proxy = await startProxy(authority, async (request) => {
    if (request.host.endsWith(".blob.core.windows.net")) return lease(request);
    const vault = azure.state.keyVault.vaults[request.host];
    return vault === undefined ? answerArm(azure, request) : answerVault(azure, vault, request);
  });
  return {
    proxy,
    answer(blob, reply) {
      const entry = { reply, hits: 0 };
      told.set(blob, entry);
      return () => entry.hits;
    },
  };
}
