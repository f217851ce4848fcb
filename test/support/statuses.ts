/** What the status tells of made-up runtimes, as the page draws it: at 2027-03-01T06:00:00Z. */
import type { FleetStatus, RuntimeStatus } from "../../src/report/fleetStatus.ts";
import type { VersionReport } from "../../src/report/history.ts";
import type { NodeReport } from "../../src/report/nodeReport.ts";
import { runtimeId } from "./service.ts";

export const AT = Date.parse("2027-03-01T06:00:00Z");

/** Healthy, unless a test says otherwise. */
export function statusOf(
  name: string,
  other: Partial<RuntimeStatus> = {},
  factory = "contoso",
): RuntimeStatus {
  return {
    runtime: runtimeId(name, factory),
    parent: factory,
    name,
    secret: `https://contoso.vault.azure.net/secrets/${factory}-${name}`,
    state: "healthy",
    reason: "not-due",
    message:
      "authKey1 was published 2027-02-17T06:00:00Z; the next rotation, due 2027-03-19T06:00:00Z, regenerates authKey2",
    publishedKey: "authKey1",
    nextKey: "authKey2",
    publishedAt: "2027-02-17T06:00:00Z",
    dueAt: "2027-03-19T06:00:00Z",
    expiresAt: "2027-04-18T06:00:00Z",
    nodes: [nodeOf(`${name}-1`), nodeOf(`${name}-2`)],
    history: [
      versionOf("2027-02-17T06:00:00Z", "authKey1"),
      versionOf("2027-01-17T06:00:00Z", "authKey2"),
      versionOf("2026-12-17T06:00:00Z", "authKey1", { enabled: false, reason: "first-contact" }),
    ],
    ...other,
  };
}

export function nodeOf(name: string, other: Partial<NodeReport> = {}): NodeReport {
  return {
    name,
    status: "Online",
    version: "5.50.9171.1",
    registeredAt: "2027-02-18T06:00:00Z",
    lastConnectedAt: "2027-03-01T05:59:00Z",
    registeredBeforePublish: false,
    ...other,
  };
}

export function versionOf(
  publishedAt: string,
  key: VersionReport["key"],
  other: Partial<VersionReport> = {},
): VersionReport {
  return { version: "0".repeat(32), publishedAt, key, reason: "due", enabled: true, ...other };
}

export function fleetOf(runtimes: readonly RuntimeStatus[], other: Partial<FleetStatus> = {}): FleetStatus {
  return { runtimes, compromised: [], scopes: [], at: AT, ...other };
}

/** A thousand in fifty factories; of each factory one is due, and of all one has lost its nodes. */
export function thousand(): FleetStatus {
  const runtimes = Array.from({ length: 1000 }, (_, n) => {
    const factory = `adf-plant-${String(n % 50).padStart(2, "0")}`;
    const name = `shir-${String(n).padStart(4, "0")}`;
    const history = Array.from({ length: 24 }, (_, month) =>
      versionOf(
        new Date(AT - month * 30 * 86_400_000).toISOString(),
        month % 2 === 0 ? "authKey1" : "authKey2",
        {
          enabled: month < 2,
        },
      ),
    );
    if (n === 500) {
      const message = `since the rotation of 2027-02-17T06:00:00Z, which regenerated authKey2, nodes went offline; not online are "${name}-1" (Offline)`;
      return statusOf(name, { state: "nodes-lost", reason: "nodes-lost", message, history }, factory);
    }
    if (n < 50) return statusOf(name, { state: "due", reason: "rollout", history }, factory);
    return statusOf(name, { history }, factory);
  });
  return fleetOf(runtimes);
}

/** Names that others may have given to make a page show, say or do something else. */
export const HOSTILE = [
  `<img src=x onerror="document.title='taken'">`,
  `"><script>document.title='taken'</script>`,
  "</style></script><h1>All is well</h1>",
  "' onmouseover='document.title=1",
  "\u202eenil ni si gnihtyrevE",
  "שרת-הפקה-1",
  "🔑🏭👩‍🏭",
  "n".repeat(200),
  "&lt;b&gt;&amp;",
];
