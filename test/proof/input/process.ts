/** The process in which the input is proved: it trusts the authority of the local Azure from its start. */
import { proveInput, type Size } from "./proveInput.ts";

const [size = "small", seed = "1"] = process.argv.slice(2);
const authority = {
  keyPath: process.env.LOCAL_AZURE_CA_KEY ?? "",
  certPath: process.env.NODE_EXTRA_CA_CERTS ?? "",
};
process.send?.(await proveInput(size as Size, Number(seed), authority));
process.disconnect?.();
