import { randomUUID } from "node:crypto";
import type { AzureError } from "./model/azureError.ts";
import type { Service } from "./model/calls.ts";

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/**
 * What becomes of a request: an answer, an answer whose connection ends within its body, a reset
 * connection, or silence.
 */
export type Reply = Answer | { cut: Answer } | "reset" | "stall";

export function json(value: unknown, status = 200): Answer {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify(value),
  };
}

/** The error in the envelope of the service (docs/azure.md). */
export function errorAnswer(service: Service, error: AzureError): Answer {
  const answer = service === "storage" ? xml(error) : json(errorBody(service, error), error.status);
  return { ...answer, headers: { ...answer.headers, ...error.headers } };
}

/** Storage speaks XML, and gives its code in a header as well. */
function xml({ status, code, message }: AzureError): Answer {
  return {
    status,
    headers: { "content-type": "application/xml", "x-ms-error-code": code },
    body: `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  };
}

function errorBody(service: Service, error: AzureError): unknown {
  const { code, message, target, innerCode } = error;
  if (service === "identity")
    return { StatusCode: error.status, Message: message, CorrelationId: randomUUID() };
  if (service === "vault") {
    return {
      error: { code, message, ...(innerCode === undefined ? {} : { innererror: { code: innerCode } }) },
    };
  }
  return { error: { code, message, ...(target === undefined ? {} : { target, details: null }) } };
}

/** The headers that a service puts on every answer; its own clock tells the `Date`. */
export function commonHeaders(service: Service, now: number): Record<string, string> {
  const headers = { date: new Date(now).toUTCString(), "x-ms-request-id": randomUUID() };
  if (service === "arm") return { ...headers, "x-ms-correlation-request-id": randomUUID() };
  if (service === "vault") return { ...headers, "x-ms-keyvault-region": "westeurope" };
  return headers;
}
