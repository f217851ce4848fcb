import type { Fault } from "../../../local/azure/faults.ts";
import { armKinds, json, type Kind, kind } from "./kinds.ts";

const status = (properties: unknown): Fault => ({
  status: 200,
  headers: json,
  body: JSON.stringify({ name: "x", properties }),
});
const selfHosted = (typeProperties: unknown) => status({ type: "SelfHosted", typeProperties });

/** What can befall a look at the nodes: also answers that are like those of the service, and no status of nodes. */
export const statusKinds: readonly Kind[] = [
  ...armKinds,
  ...Object.entries({
    "no properties": status(undefined),
    "a managed runtime": status({ type: "Managed", typeProperties: { nodes: [] } }),
    "a type in another case": status({ type: "selfhosted", typeProperties: { nodes: [] } }),
    "a text for the nodes": selfHosted({ nodes: "none" }),
    "a node that is null": selfHosted({ nodes: [null] }),
    "a node without a name": selfHosted({ nodes: [{ status: "Online" }] }),
    "a node without a status": selfHosted({ nodes: [{ nodeName: "a" }] }),
    "a node whose time is none": selfHosted({
      nodes: [{ nodeName: "a", status: "Online", registerTime: "soon" }],
    }),
  }).map(([name, fault]) => kind(`200 with ${name}`, fault, "unexpected-response")),
];
