/** Makes the SDKs' proxy connections safe to log and reusable. */
import type { Agent, AgentOptions } from "node:http";
import { AGENT_IDLE_MS } from "../timeLimits.ts";

/**
 * Makes proxy connections as safe and as cheap as direct ones:
 *
 * - it keeps the agent out of the SDKs' logs (AZURE_LOG_LEVEL), where it would appear as JSON, because the agent holds the
 *   headers of other requests with their tokens;
 * - it keeps connections open. Otherwise each request makes one, with two handshakes, which is most of the time that a run
 *   without work takes. The agent needs `protocol` to find a kept connection again (docs/azure.md).
 */
export function prepareAgent({ agent, url }: { readonly agent?: object; readonly url: string }): void {
  if (agent === undefined || Object.hasOwn(agent, "toJSON")) return;
  Object.defineProperty(agent, "toJSON", { value: () => "[agent]", enumerable: false });
  const pool = agent as Agent & { keepAlive: boolean; options: AgentOptions };
  if (pool.keepAlive || !url.startsWith("https:")) return;
  pool.keepAlive = true;
  Object.assign(pool.options, { keepAlive: true, timeout: AGENT_IDLE_MS, protocol: "https:" });
}
