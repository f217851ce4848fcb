import { createCertificateAuthority } from "../../../local/azure/certificates.ts";
import { startChild } from "../faults/children.ts";
import { type Finding, findCanaries } from "./canaries.ts";
import type { SweepFigures } from "./sweep.ts";

export interface SweepOptions {
  /** Whether the SDKs reach Azure through a proxy, which `HTTPS_PROXY` names, or as they do in the cloud. */
  readonly route: "proxy" | "direct";
  /** Where the answers hold auth keys: `bodies` leaves headers out, and the identity's. */
  readonly places: "everywhere" | "bodies";
  /** `AZURE_LOG_LEVEL`, by which an operator makes the SDKs print what they do. */
  readonly logLevel?: "verbose";
  /** Every nth cell only. */
  readonly every: number;
}

export interface SweepResult extends SweepFigures {
  /** What the process wrote to its standard streams, in characters, and what was found there. */
  readonly printed: number;
  readonly found: readonly Finding["what"][];
}

/** Runs the sweep in a process of its own and reads what that prints. */
export async function runSweep({ route, places, logLevel, every }: SweepOptions): Promise<SweepResult> {
  const authority = await createCertificateAuthority();
  const env = {
    NODE_EXTRA_CA_CERTS: authority.certPath,
    LOCAL_AZURE_CA_KEY: authority.keyPath,
    AZURE_LOG_LEVEL: logLevel ?? "",
  };
  try {
    const child = startChild(new URL("./sweep.ts", import.meta.url), [route, places, `${every}`], env);
    let figures: SweepFigures | undefined;
    child.process.on("message", (message: SweepFigures) => {
      figures = message;
    });
    await child.exited;
    const output = child.output();
    if (figures === undefined) throw new Error(output);
    const found = [...new Set(findCanaries(output).map(({ what }) => what))];
    return { ...figures, printed: output.length, found };
  } finally {
    await authority.stop();
  }
}
