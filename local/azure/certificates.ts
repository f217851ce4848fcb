import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateCACertificate } from "mockttp";

/** A certificate authority in a directory of its own: what the proxy signs with, and a client has to trust. */
export interface CertificateAuthority {
  keyPath: string;
  /** The value for `NODE_EXTRA_CA_CERTS`, which Node reads once, when a process starts. */
  certPath: string;
}

/** Makes a new authority; `stop` deletes its directory. */
export async function createCertificateAuthority(): Promise<
  CertificateAuthority & { stop(): Promise<void> }
> {
  const directory = await mkdtemp(join(tmpdir(), "local-azure-"));
  const { key, cert } = await generateCACertificate({ subject: { commonName: "Local Azure (test only)" } });
  const keyPath = join(directory, "ca-key.pem");
  const certPath = join(directory, "ca.pem");
  await Promise.all([writeFile(keyPath, key, { mode: 0o600 }), writeFile(certPath, cert)]);
  return { keyPath, certPath, stop: () => rm(directory, { recursive: true, force: true }) };
}
