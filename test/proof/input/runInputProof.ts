import { createCertificateAuthority } from "../../../local/azure/certificates.ts";
import { startChild } from "../faults/children.ts";
import type { InputFigures, Size } from "./proveInput.ts";

/**
 * Checks everything that an operator or a caller may give to the app, in a process of its own.
 * @throws where a property does not hold, with the smallest case that shows it.
 */
export async function runInputProof(size: Size, seed: number): Promise<InputFigures> {
  const authority = await createCertificateAuthority();
  const env = { NODE_EXTRA_CA_CERTS: authority.certPath, LOCAL_AZURE_CA_KEY: authority.keyPath };
  try {
    const child = startChild(new URL("./process.ts", import.meta.url), [size, `${seed}`], env);
    let figures: InputFigures | undefined;
    child.process.on("message", (message: InputFigures) => {
      figures = message;
    });
    await child.exited;
    if (figures === undefined) throw new Error(child.output());
    return figures;
  } finally {
    await authority.stop();
  }
}
