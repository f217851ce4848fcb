/** The app as a process: runs once on each message of its parent, and ends when the parent lets go of it. */
import { connect } from "../../../src/azure/connect.ts";
import { systemClock } from "../../../src/clock.ts";
import { readConfig } from "../../../src/config/config.ts";
import { runtimeStatus } from "../../../src/report/runtimeStatus.ts";
import { recordingErrors } from "./secrecy.ts";
import { runOnce } from "./stage.ts";

const config = readConfig(process.env);
let thrown: string[] = [];
const services = recordingErrors(connect(config), (text) => thrown.push(text));

process.on("message", async (message: { request: "timer" } | { status: true }) => {
  thrown = [];
  if ("status" in message) {
    process.send?.(JSON.stringify(await runtimeStatus(config, services, systemClock)));
    return;
  }
  const run = await runOnce(config, services, message.request);
  process.send?.({ ...run, texts: [...run.texts, ...thrown] });
});
process.once("disconnect", () => process.exit());
