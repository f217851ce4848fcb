import type { Agent, AgentOptions } from "node:http";

/** How long an unused connection is kept, as Node's own agents do. */
const IDLE_MS = 5000;

/**
 * Makes what the SDKs send through a proxy as safe and as cheap as what they send without one:
 *
 * - its agent says nothing of itself in JSON, which is what they log with AZURE_LOG_LEVEL set: it holds the headers of other
 *   requests, and with them their tokens;
 * - its connections are kept: by itself it makes one, with two handshakes, for each request, which is most of the time that
 *   an idle look takes. Told the protocol, it finds the connections that it has kept (docs/azure.md).
 */
export function prepareAgent({ agent, url }: { readonly agent?: object; readonly url: string }): void {
  if (agent === undefined || Object.hasOwn(agent, "toJSON")) return;
  Object.defineProperty(agent, "toJSON", { value: () => "[agent]", enumerable: false });
  const pool = agent as Agent & { keepAlive: boolean; options: AgentOptions };
  if (pool.keepAlive || !url.startsWith("https:")) return;
  pool.keepAlive = true;
  Object.assign(pool.options, { keepAlive: true, timeout: IDLE_MS, protocol: "https:" });
}
