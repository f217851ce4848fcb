import { createCertificateAuthority } from "../../../local/azure/certificates.ts";
import { startChild } from "../faults/children.ts";
import { type Finding, findCanaries } from "./canaries.ts";

export interface AbandonedResult {
  /** How many runs stood still in the middle, each at another call. */
  readonly standing: number;
  /** Undefined where a signal ended it. */
  readonly exitCode: number | undefined;
  /** What the process wrote to its standard streams, in characters, and what was found there. */
  readonly printed: number;
  readonly found: readonly Finding["what"][];
}

/** Runs that are left alone: their connections break, and nobody waits for them. */
export async function runAbandoned(): Promise<AbandonedResult> {
  const authority = await createCertificateAuthority();
  const env = { NODE_EXTRA_CA_CERTS: authority.certPath, LOCAL_AZURE_CA_KEY: authority.keyPath };
  try {
    const child = startChild(new URL("./abandoned.ts", import.meta.url), [], env);
    let standing = 0;
    child.process.on("message", (message: { standing: number }) => {
      standing = message.standing;
    });
    const [exitCode] = (await child.exited) as [number | null];
    const output = child.output();
    const found = [...new Set(findCanaries(output).map(({ what }) => what))];
    return { standing, exitCode: exitCode ?? undefined, printed: output.length, found };
  } finally {
    await authority.stop();
  }
}
