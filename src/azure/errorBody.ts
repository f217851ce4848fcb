/** Reads the error bodies of Azure's services. */
import { redactKeys } from "../keyValue.ts";

/** The service's own description of an error. */
export interface ErrorBody {
  /** The innermost code that it gave. */
  readonly code: string;
  /** Shortened; anything that looks like a key is redacted. */
  readonly message: string | undefined;
}

const MAX_MESSAGE = 300;

/**
 * Reads `{error: {code, message, innererror: {code}}}`, and the same without its envelope, which is what the SDK of
 * Data Factory makes of it (docs/azure.md). Undefined without a code: such an answer is not from one of our services.
 */
export function errorBodyOf(body: unknown): ErrorBody | undefined {
  const error = objectOf(objectOf(body)?.error) ?? objectOf(body);
  if (error === undefined) return undefined;
  const inner = objectOf(error.innererror ?? error.innerError);
  const code = tokenOf(inner?.code) ?? tokenOf(error.code);
  return code === undefined ? undefined : { code, message: sentenceOf(error.message) };
}

/** A message as it is safe to report: on one line, shortened and redacted; undefined if it is empty or not text. */
export function sentenceOf(message: unknown): string | undefined {
  if (typeof message !== "string" || message === "") return undefined;
  const line = redactKeys(message).replace(/\s+/g, " ").trim();
  return line.length > MAX_MESSAGE ? `${line.slice(0, MAX_MESSAGE)}…` : line;
}

/** The service's sentence as our messages quote it, in brackets; empty if there is none. */
export function inBrackets(sentence: string | undefined): string {
  return sentence === undefined ? "" : ` ("${sentence}")`;
}

/** A code or an id, if it looks like one; anything else may be arbitrary text. */
export function tokenOf(value: unknown): string | undefined {
  return typeof value === "string" && /^[\w.-]{1,80}$/.test(value) ? value : undefined;
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null ? { ...value } : undefined;
}
