/**
 * The process that Azurite runs in: its blob service alone, in memory, on a free port of 127.0.0.1. It tells its
 * parent the port, and ends as soon as the parent lets go of it, also where the parent was killed.
 */
import { createRequire } from "node:module";
import type { AddressInfo, Server } from "node:net";

const require = createRequire(import.meta.url);
const BlobConfiguration = require("azurite/dist/src/blob/BlobConfiguration.js").default;
const BlobServer = require("azurite/dist/src/blob/BlobServer.js").default;

process.once("disconnect", () => process.exit());
// Ctrl-C reaches the whole process group, and the parent may still want to release its leases.
process.on("SIGINT", () => {});

const configuration = Object.assign(new BlobConfiguration("127.0.0.1", 0), {
  isMemoryPersistence: true,
  // The SDK is usually ahead of the versions that Azurite knows.
  skipApiVersionCheck: true,
  enableAccessLog: false,
});
const server: { start(): Promise<void>; httpServer: Server } = new BlobServer(configuration);
await server.start();
process.send?.((server.httpServer.address() as AddressInfo).port);
