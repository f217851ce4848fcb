import type { Injection } from "../../../local/azure/faults.ts";
import type { LocalAzure } from "../../../local/azure/index.ts";
import type { Operation } from "../../../local/azure/model/calls.ts";
import { regenerateAuthKey } from "../../../local/azure/model/dataFactory.ts";
import { switchOff } from "../../../local/azure/model/nodes.ts";
import { idOf } from "../../support/runtime.ts";
import type { Reason, RequestKind } from "../shared/run.ts";
import { addNodes, published, steady, watched } from "./subject.ts";

export interface Step {
  readonly name: string;
  readonly operation: Operation;
  /** Which call of that operation, counted from the start of the run. */
  readonly attempt: number;
  /** Whose calls; left out: those about the runtime. */
  readonly resource?: string;
  /** What a fault may come to here besides what it is called anywhere. */
  readonly reasons: readonly Reason[];
}

export interface Scenario {
  /** What there is to do, in words. */
  readonly title: string;
  /** Left out: the timer's. */
  readonly request?: RequestKind;
  readonly prepare: (azure: LocalAzure, id: string) => void;
  /** What a run without faults comes to. */
  readonly usual: Reason;
  /** How many keys it regenerates, and so how many may be in all. Left out: none. */
  readonly mints?: number;
  /** What is to be written of its nodes in the end. */
  readonly finds?: "proved" | "lost";
  /** A fault that is always there, so that what follows it can be hit too. */
  readonly given?: Omit<Injection, "resource">;
  readonly steps: readonly Step[];
}

function step(name: string, operation: Operation, attempt = 1, reasons: readonly Reason[] = []): Step {
  return { name, operation, attempt, reasons };
}

const findingSteps = [
  step("looking at the nodes", "getStatus"),
  step("listing the keys", "listAuthKeys"),
  step("taking the lease to write what they show", "acquireLease"),
  step("reading the secret again", "getSecret", 2),
  step("writing what they show", "updateSecret"),
  step("giving the lease back", "releaseLease"),
];

const rotationSteps = [
  step("first look at the secret", "getSecret"),
  step("looking at the nodes", "getStatus"),
  step("taking the lease", "acquireLease"),
  step("look at the secret under the lease", "getSecret", 2),
  step("listing the keys", "listAuthKeys"),
  step("writing the intent", "updateSecret"),
  step("reading the intent back", "getSecret", 3, ["locked"]),
  step("renewing the lease", "renewLease", 1, ["locked"]),
  step("regenerating the key", "regenerateAuthKey"),
  step("publishing", "setSecret"),
  step("verifying: the secret", "getSecret", 4, ["verification-failed"]),
  step("verifying: the keys", "listAuthKeys", 2),
  step("retiring: listing the versions", "listVersions"),
  step("retiring: reading an old version", "getSecretVersion"),
  step("retiring: disabling it", "updateSecret", 2),
  step("giving the lease back", "releaseLease"),
];

const tokenSteps = Object.entries({
  "https://vault.azure.net": "asking for the vault's token",
  "https://management.azure.com": "asking for Azure Resource Manager's token",
  "https://storage.azure.com": "asking for the storage account's token",
}).map(([resource, name]) => ({ ...step(name, "token"), resource }));

export const scenarios: readonly Scenario[] = [
  {
    title: "A rotation is due",
    prepare: (azure, id) => {
      steady(azure, id);
      addNodes(azure, id);
    },
    usual: "due",
    mints: 1,
    steps: [...rotationSteps, ...tokenSteps],
  },
  {
    title: "A rotation is due, and the answer to the regenerate is lost after its effect",
    prepare: steady,
    usual: "due",
    mints: 1,
    given: { operation: "regenerateAuthKey", when: "after", fault: "reset" },
    // The failure that is told is the regenerate's own.
    steps: [step("listing the keys to learn what happened", "listAuthKeys", 2, ["unavailable"])],
  },
  {
    title: "There is no secret yet",
    prepare: (azure, id) => azure.addRuntime(idOf(id)),
    usual: "first-contact",
    steps: [
      step("asking for the runtime's kind", "getRuntime"),
      step("listing the keys", "listAuthKeys"),
      step("publishing", "setSecret"),
    ],
  },
  {
    title: "Somebody regenerated the published key by hand",
    prepare: (azure, id) => {
      azure.addRuntime(idOf(id));
      published(azure, id, "authKey1", 3);
      regenerateAuthKey(azure.state.dataFactory, idOf(id), "authKey1", azure.clock.now());
    },
    usual: "drift",
    steps: [
      step("listing the keys without the lease", "listAuthKeys"),
      step("listing them under the lease", "listAuthKeys", 2),
      step("publishing", "setSecret"),
    ],
  },
  {
    title: "A compromise call: both keys are regenerated",
    request: "compromised",
    prepare: (azure, id) => steady(azure, id, 3),
    usual: "compromised",
    mints: 2,
    steps: [
      step("regenerating the first key", "regenerateAuthKey"),
      step("publishing it", "setSecret"),
      step("reading back before the second", "getSecret", 5, ["unavailable"]),
      step("renewing the lease for the second", "renewLease", 2, ["unavailable"]),
      step("regenerating the second key", "regenerateAuthKey", 2),
      step("removing the intent", "updateSecret", 3),
    ],
  },
  {
    title: "A call rotates",
    request: "on-demand",
    prepare: watched,
    usual: "on-demand",
    mints: 1,
    steps: [step("looking at the nodes", "getStatus")],
  },
  {
    title: "The nodes of a rotated runtime stayed online",
    prepare: watched,
    usual: "not-due",
    finds: "proved",
    steps: findingSteps,
  },
  {
    title: "A rotated runtime has lost a node",
    prepare: (azure, id) => {
      watched(azure, id);
      switchOff(azure.state.dataFactory, idOf(id), "second", azure.clock.now());
    },
    usual: "nodes-lost",
    finds: "lost",
    steps: findingSteps,
  },
  {
    title: "The secret is another team's",
    prepare: (azure, id) => {
      azure.addRuntime(idOf(id));
      // Nobody's key: whatever happens, it stays the only version of its secret.
      const theirs = { value: "FAKE-foreign-value", tags: { owner: "another team" } };
      Object.assign(published(azure, id, "authKey1", 100), theirs);
    },
    usual: "secret-not-ours",
    steps: [step("asking for the runtime's kind", "getRuntime"), step("listing the keys", "listAuthKeys")],
  },
];
