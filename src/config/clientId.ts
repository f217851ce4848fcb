/** The client id of a user-assigned identity, as app settings give it. */
import { parsedText, type Schema } from "./problems.ts";
import { GUID } from "./runtimeId.ts";

/** Otherwise a name or an ARM id in its place would only fail with the first token. */
export const clientId: Schema<string> = parsedText(
  "the client id of a user-assigned identity, which is a GUID",
  (text) => (GUID.test(text) ? text : undefined),
);
