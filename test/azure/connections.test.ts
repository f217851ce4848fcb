import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { expect, test } from "vitest";
import { useLocalAzure } from "../support/localAzure.ts";
import { adapters } from "./operations.ts";

const azure = useLocalAzure({ storage: true });

test("behind a proxy, requests to a service share a connection, as they do without one", async () => {
  const call = await adapters(azure());
  let connections = 0;
  const count = () => {
    connections += 1;
  };
  subscribe("net.client.socket", count);
  try {
    for (let n = 0; n < 10; n += 1) {
      await call("list");
      await call("getLatest");
    }
  } finally {
    unsubscribe("net.client.socket", count);
  }
  expect(connections).toBeLessThanOrEqual(2);
});
