import { expect, test } from "vitest";
import { armErrors } from "../../local/azure/model/armErrors.ts";
import { AzureError } from "../../local/azure/model/azureError.ts";
import { vaultErrors } from "../../local/azure/model/vaultErrors.ts";
import type { CallSite } from "../../src/azure/call.ts";
import { useLocalAzure } from "../support/localAzure.ts";
import { idOf } from "../support/runtime.ts";
import { errorOf, refusalWith } from "../support/sdkShapes.ts";
import { adapters, failureOf, type Method, operationOf } from "./operations.ts";

const azure = useLocalAzure({ storage: true });

const STATUSES = [400, 401, 403, 404, 408, 409, 429, 500, 502, 503, 504];

const cases: [CallSite["service"], Method, AzureError[]][] = [
  [
    "Azure Resource Manager",
    "regenerate",
    [
      armErrors.runtimeNotFound(idOf("alpha")),
      armErrors.kindHasNoKeys("Managed"),
      armErrors.scopeLocked(idOf("alpha")),
      armErrors.internal(),
    ],
  ],
  ["Key Vault", "addVersion", [vaultErrors.secretDeleted("alpha"), vaultErrors.forbiddenByFirewall()]],
  ["Blob Storage", "acquire", [new AzureError(409, "LeaseAlreadyPresentElsewhere", "There is a lease.")]],
];

test.for(cases)(
  "what tests without a network take for an error of %s is what its SDK's error comes to",
  async (row) => {
    const [service, method, known] = row;
    const call = await adapters(azure());
    for (const refusal of [...known, ...STATUSES.map((status) => refusalWith(service, status))]) {
      const fault = azure().faults.inject({ operation: operationOf(method), times: 9, fault: refusal });
      const real = await failureOf(call(method));
      fault.remove();
      const { reason, status, code, nothingSent, refused, mayStillTakeEffect } = real;
      expect(errorOf(service, method, "t", refusal)).toMatchObject({
        reason,
        status,
        code,
        nothingSent,
        refused,
        mayStillTakeEffect,
      });
    }
  },
);
