import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { createCertificateAuthority } from "../../../local/azure/certificates.ts";

/**
 * Runs a script of the proofs in a process of its own to its end, and returns the last thing that it told, and its output.
 * @throws with that output where it told nothing.
 */
export async function runChild<T>(
  script: URL,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ told: T; output: string }> {
  const child = fork(fileURLToPath(script), [...args], {
    env: { ...process.env, ...env },
    execArgv: [],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    serialization: "advanced",
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const told: T[] = [];
  child.on("message", (message: T) => void told.push(message));
  await once(child, "exit");
  const last = told.at(-1);
  if (last === undefined) throw new Error(`${fileURLToPath(script)} died:\n${output}`);
  return { told: last, output };
}

/** With the settings of processes that trust one certificate authority: Node reads that only when it starts. */
export async function withAuthority<T>(use: (env: NodeJS.ProcessEnv) => Promise<T>): Promise<T> {
  const authority = await createCertificateAuthority();
  try {
    return await use({ NODE_EXTRA_CA_CERTS: authority.certPath, LOCAL_AZURE_CA_KEY: authority.keyPath });
  } finally {
    await authority.stop();
  }
}
