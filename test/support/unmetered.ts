import type { RequestMeter } from "../../src/services.ts";

/** For tests of what is called and answered, not of how fast. */
export const unmetered: RequestMeter = { sent() {}, answered() {} };
