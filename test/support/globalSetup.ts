import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";
import { type CertificateAuthority, createCertificateAuthority } from "../../local/azure/certificates.ts";

declare module "vitest" {
  interface ProvidedContext {
    localAzureAuthority: CertificateAuthority;
  }
}

const COMPILE_CACHE = fileURLToPath(new URL("../../node_modules/.cache/compile", import.meta.url));

/**
 * What the test processes must find when they start: one certificate authority, because Node reads
 * `NODE_EXTRA_CA_CERTS` only then, and a place to share the compiled SDKs, which each of them loads.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // All that tests leave in it goes with it, also where they are interrupted before they tidy up.
  const temporary = mkdtempSync(join(tmpdir(), "rotation-tests-"));
  process.once("exit", () => rmSync(temporary, { recursive: true, force: true, maxRetries: 3 }));
  for (const name of ["TMPDIR", "TEMP", "TMP"]) process.env[name] = temporary;
  const { keyPath, certPath, stop } = await createCertificateAuthority();
  process.env.NODE_EXTRA_CA_CERTS = certPath;
  process.env.NODE_COMPILE_CACHE ??= COMPILE_CACHE;
  project.provide("localAzureAuthority", { keyPath, certPath });
  return stop;
}
