import { parsedText, type Schema } from "./problems.ts";
import { GUID } from "./runtimeId.ts";

/** A schema of the client id of an identity. Its name, or an ARM id in its place, would be noticed with the first token. */
export const clientId: Schema<string> = parsedText(
  "the client id of a user-assigned identity, which is a GUID",
  (text) => (GUID.test(text) ? text : undefined),
);
