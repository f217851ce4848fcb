/** Registers the functions with the host, and does nothing else: an error while this loads would stop all of them. */
import { app } from "@azure/functions";
import { rotateOnDemand } from "./functions/rotateOnDemand.ts";
import { rotateOnSchedule } from "./functions/rotateOnSchedule.ts";
import { status } from "./functions/status.ts";

app.timer("rotateOnSchedule", {
  schedule: "%ROTATION_SCHEDULE%",
  runOnStartup: false,
  handler: rotateOnSchedule,
});
app.http("rotateOnDemand", {
  route: "rotate",
  methods: ["POST"],
  authLevel: "function",
  handler: rotateOnDemand,
});
app.http("status", { route: "status", methods: ["GET"], authLevel: "function", handler: status });
