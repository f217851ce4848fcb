import { Agent } from "node:https";
import { connect } from "node:tls";

/**
 * Lets this process reach the local Azure as an app in the cloud reaches the real one, without a proxy: every https
 * connection ends at the proxy's port, which answers for any host. The SDKs behave differently with one.
 */
export function goDirect(proxy: string): void {
  const port = Number(new URL(proxy).port);
  Object.assign(Agent.prototype, {
    createConnection(options: { host?: string; servername?: string }) {
      return connect({
        ...options,
        host: "127.0.0.1",
        port,
        servername: options.servername || options.host || "",
      });
    },
  });
}
