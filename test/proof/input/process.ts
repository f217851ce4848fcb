/** The process in which the input is proved: it trusts the authority of the local Azure from its start. */
import { trustedAuthority } from "../../support/boundlessAzure.ts";
import { proveInput, type Size } from "./proveInput.ts";

const [size = "small", seed = "1"] = process.argv.slice(2);
const authority = trustedAuthority();
process.send?.(await proveInput(size as Size, Number(seed), authority));
process.disconnect?.();
