import { beforeEach, describe, expect, test } from "vitest";
import {
  addRuntime,
  createDataFactoryState,
  type DataFactoryState,
  liveKeys,
  regenerateAuthKey,
} from "../../../local/azure/model/dataFactory.ts";
import {
  giveKey,
  listNodes,
  registerNode,
  removeNode,
  restartNode,
  runtimeState,
  switchOff,
  switchOn,
  upgradeNode,
} from "../../../local/azure/model/nodes.ts";

const factory =
  "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers/Microsoft.DataFactory/factories/contoso";
const alpha = `${factory}/integrationRuntimes/alpha`;
const beta = `${factory}/integrationRuntimes/beta`;
const HOUR = 3_600_000;
const at = (hour: number) => Date.UTC(2026, 0, 1) + hour * HOUR;

let state: DataFactoryState;
beforeEach(() => {
  state = createDataFactoryState();
  addRuntime(state, alpha, at(0));
});

const key1 = () => liveKeys(state, alpha).authKey1;
const statusAt = (hour: number) => listNodes(state, alpha, at(hour)).map((node) => node.status);
const connectedAt = (hour: number) => listNodes(state, alpha, at(hour))[0]?.lastConnectedAt;

/** A node that registered with `authKey1` in hour 1, and whose key dies in hour 10. */
function nodeWhoseKeyDies() {
  registerNode(state, alpha, "n1", key1(), at(1));
  regenerateAuthKey(state, alpha, "authKey1", at(10));
}

test("a node registers with either live key, and is refused with a dead one or one of another runtime", () => {
  addRuntime(state, beta, at(0));
  const dead = key1();
  regenerateAuthKey(state, alpha, "authKey1", at(1));
  expect(registerNode(state, alpha, "n1", key1(), at(2))).toMatchObject({ registeredAt: at(2) });
  expect(registerNode(state, alpha, "n2", liveKeys(state, alpha).authKey2, at(3))).toBeDefined();
  expect(registerNode(state, alpha, "n3", dead, at(3))).toBeUndefined();
  expect(registerNode(state, alpha, "n4", liveKeys(state, beta).authKey1, at(3))).toBeUndefined();
  expect(listNodes(state, alpha, at(4)).map((node) => node.name)).toEqual(["n1", "n2"]);
});

test("a node remembers the value that it was last given, and when", () => {
  const first = key1();
  const node = registerNode(state, alpha, "n1", first, at(1));
  expect(node).toMatchObject({ key: first, keyGivenAt: at(1) });
  giveKey(state, alpha, "n1", liveKeys(state, alpha).authKey2, at(5));
  expect(node).toMatchObject({
    key: liveKeys(state, alpha).authKey2,
    keyGivenAt: at(5),
    registeredAt: at(1),
  });
});

test("a regeneration of the other key touches no node", () => {
  state.nodeWorld.lossAfterMs = 0;
  registerNode(state, alpha, "n1", key1(), at(1));
  regenerateAuthKey(state, alpha, "authKey2", at(10));
  expect(statusAt(1000)).toEqual(["Online"]);
});

describe("where a key is used all the time", () => {
  beforeEach(() => {
    state.nodeWorld = { keyUse: "always", lossAfterMs: 30 * HOUR, givenKeyRegisters: false };
    nodeWhoseKeyDies();
  });

  test("a node whose key died is lost after the delay, and tells when it was connected last", () => {
    expect(statusAt(10)).toEqual(["Online"]);
    expect(statusAt(39.9)).toEqual(["Online"]);
    expect(connectedAt(39.9)).toBe(at(39.9));
    expect(statusAt(40)).toEqual(["Offline"]);
    expect(connectedAt(500)).toBe(at(40));
  });

  test("a node that got the new key in time is never lost, one that got it late comes back", () => {
    giveKey(state, alpha, "n1", key1(), at(20));
    expect(statusAt(500)).toEqual(["Online"]);
    regenerateAuthKey(state, alpha, "authKey1", at(600));
    expect(statusAt(700)).toEqual(["Offline"]);
    giveKey(state, alpha, "n1", key1(), at(701));
    expect(statusAt(701)).toEqual(["Online"]);
  });

  test("a restart with a dead key shows the loss before the delay is over", () => {
    restartNode(state, alpha, "n1", at(20));
    expect(statusAt(20)).toEqual(["Offline"]);
    expect(connectedAt(500)).toBe(at(20));
  });
});

describe("where a key is used only to register", () => {
  beforeEach(() => {
    state.nodeWorld.keyUse = "registration";
    nodeWhoseKeyDies();
  });

  test("a registered node stays online for as long as it is not restarted", () => {
    expect(statusAt(100_000)).toEqual(["Online"]);
    restartNode(state, alpha, "n1", at(200));
    expect(statusAt(200)).toEqual(["Offline"]);
    expect(connectedAt(300)).toBe(at(200));
    giveKey(state, alpha, "n1", key1(), at(400));
    expect(statusAt(400)).toEqual(["Online"]);
  });

  test("a node that was switched off and comes back with a dead key is refused", () => {
    switchOff(state, alpha, "n1", at(5));
    switchOn(state, alpha, "n1", at(20));
    expect(statusAt(21)).toEqual(["Offline"]);
    expect(connectedAt(21)).toBe(at(5));
  });

  test("a node that is given a dead key loses its connection over it", () => {
    giveKey(state, alpha, "n1", key1(), at(11));
    regenerateAuthKey(state, alpha, "authKey2", at(12));
    giveKey(state, alpha, "n1", "IR@FAKE", at(13));
    expect(statusAt(13)).toEqual(["Offline"]);
  });
});

test("within one moment, what happens first is what counts", () => {
  state.nodeWorld.keyUse = "registration";
  registerNode(state, alpha, "n1", key1(), at(1));
  regenerateAuthKey(state, alpha, "authKey1", at(1));
  expect(statusAt(1)).toEqual(["Online"]);
  restartNode(state, alpha, "n1", at(1));
  expect(statusAt(1)).toEqual(["Offline"]);
});

test("a node that is switched off is offline until it is switched on", () => {
  registerNode(state, alpha, "n1", key1(), at(1));
  switchOff(state, alpha, "n1", at(5));
  expect(listNodes(state, alpha, at(8))).toMatchObject([
    { status: "Offline", lastConnectedAt: at(5), stoppedAt: at(5), startedAt: at(1) },
  ]);
  switchOn(state, alpha, "n1", at(9));
  expect(listNodes(state, alpha, at(9))).toMatchObject([
    { status: "Online", lastConnectedAt: at(9), stoppedAt: at(5), startedAt: at(9) },
  ]);
});

test("a node that is given a key while it is off uses it when it comes back", () => {
  nodeWhoseKeyDies();
  switchOff(state, alpha, "n1", at(5));
  giveKey(state, alpha, "n1", key1(), at(11));
  expect(statusAt(12)).toEqual(["Offline"]);
  switchOn(state, alpha, "n1", at(13));
  expect(statusAt(13)).toEqual(["Online"]);
});

test("an upgraded node is away for a while, keeps its registration, and comes back by its key", () => {
  state.nodeWorld.keyUse = "registration";
  registerNode(state, alpha, "n1", key1(), at(1));
  upgradeNode(state, alpha, "n1", { version: "5.51.9100.1", durationMs: 2 * HOUR }, at(5));
  expect(statusAt(6)).toEqual(["Upgrading"]);
  expect(connectedAt(6)).toBe(at(5));
  expect(listNodes(state, alpha, at(7))).toMatchObject([
    { status: "Online", version: "5.51.9100.1", registeredAt: at(1), startedAt: at(7) },
  ]);
  upgradeNode(state, alpha, "n1", { version: "5.52.9200.1", durationMs: 2 * HOUR }, at(8));
  regenerateAuthKey(state, alpha, "authKey1", at(9));
  expect(statusAt(10)).toEqual(["Offline"]);
});

test("a key that is given during an upgrade is the one that the node comes back with", () => {
  nodeWhoseKeyDies();
  upgradeNode(state, alpha, "n1", { version: "5.51.9100.1", durationMs: 9 * HOUR }, at(5));
  giveKey(state, alpha, "n1", key1(), at(11));
  expect(statusAt(12)).toEqual(["Upgrading"]);
  expect(statusAt(14)).toEqual(["Online"]);
});

test("a node that is upgraded while it is off stays off", () => {
  registerNode(state, alpha, "n1", key1(), at(1));
  switchOff(state, alpha, "n1", at(4));
  upgradeNode(state, alpha, "n1", { version: "5.51.9100.1", durationMs: 2 * HOUR }, at(5));
  expect(listNodes(state, alpha, at(9))).toMatchObject([
    { status: "Offline", version: "5.51.9100.1", startedAt: at(1), lastConnectedAt: at(4) },
  ]);
});

test("where a given key counts as a registration, the node's age begins anew", () => {
  state.nodeWorld.givenKeyRegisters = true;
  registerNode(state, alpha, "n1", key1(), at(1));
  giveKey(state, alpha, "n1", liveKeys(state, alpha).authKey2, at(5));
  expect(listNodes(state, alpha, at(5))).toMatchObject([{ registeredAt: at(5) }]);
});

test("a removed node is listed no more, and its name is free again", () => {
  registerNode(state, alpha, "n1", key1(), at(1));
  expect(() => registerNode(state, alpha, "n1", key1(), at(2))).toThrow("There is a node n1 already");
  removeNode(state, alpha, "n1");
  expect(listNodes(state, alpha, at(2))).toEqual([]);
  expect(registerNode(state, alpha, "n1", key1(), at(3))).toBeDefined();
});

test("the state of a runtime follows from its nodes", () => {
  const stateAt = (hour: number) => runtimeState(listNodes(state, alpha, at(hour)));
  expect(stateAt(0)).toBe("NeedRegistration");
  const node = registerNode(state, alpha, "n1", key1(), at(1));
  registerNode(state, alpha, "n2", key1(), at(1));
  expect(stateAt(1)).toBe("Online");
  switchOff(state, alpha, "n2", at(2));
  expect(stateAt(2)).toBe("Limited");
  if (node) node.connectedAs = "Limited";
  expect(statusAt(2)).toEqual(["Limited", "Offline"]);
  expect(stateAt(2)).toBe("Limited");
  switchOff(state, alpha, "n1", at(3));
  expect(stateAt(3)).toBe("Offline");
});

test("a linked runtime shows the nodes that it shares, a managed one has none", () => {
  registerNode(state, alpha, "n1", key1(), at(1));
  addRuntime(state, beta, at(0), { kind: "linked", linkedTo: alpha });
  addRuntime(state, `${factory}/integrationRuntimes/cloud`, at(0), { kind: "managed" });
  expect(listNodes(state, beta, at(2))).toEqual(listNodes(state, alpha, at(2)));
  expect(listNodes(state, `${factory}/integrationRuntimes/cloud`, at(2))).toEqual([]);
});
