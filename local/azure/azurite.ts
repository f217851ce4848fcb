import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** The account and the key that Azurite publishes for everybody: no secret. */
export const ACCOUNT = "devstoreaccount1";
export const KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

export interface Azurite {
  /** Of the account, over plain http. */
  url: string;
  connectionString: string;
  stop(): Promise<void>;
}

/** A storage account with blobs, kept in memory: for leases. */
export async function startAzurite(): Promise<Azurite> {
  const child = fork(fileURLToPath(new URL("./azuriteProcess.ts", import.meta.url)), {
    execArgv: [],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  const exited = once(child, "exit");
  let errors = "";
  child.stderr?.on("data", (text) => {
    errors += text;
  });
  const port = await Promise.race([
    once(child, "message").then(([message]) => message as number),
    exited.then(() => {
      throw new Error(`Azurite did not start: ${errors}`);
    }),
  ]);
  const url = `http://127.0.0.1:${port}/${ACCOUNT}`;
  return {
    url,
    connectionString: `DefaultEndpointsProtocol=http;AccountName=${ACCOUNT};AccountKey=${KEY};BlobEndpoint=${url};`,
    stop: async () => {
      child.kill("SIGKILL");
      await exited;
    },
  };
}
