/**
 * One measured process: does what its first argument says, then tells its parent what that took. The parent takes the
 * time, from before the process starts until this message.
 */
const SDKS = [
  "@azure/functions",
  "@azure/identity",
  "@azure/keyvault-secrets",
  "@azure/arm-datafactory",
  "@azure/storage-blob",
];

const [what, folder = ""] = process.argv.slice(2);
let told: Readonly<Record<string, number>> = {};
if (what === "sdks") for (const name of SDKS) await import(name);
if (what === "registered" || what === "tick") {
  const { loadFunctionApp, timerInput } = await import("../../local/host/functionApp.ts");
  const app = await loadFunctionApp(folder);
  if (what === "tick") {
    const { invocation } = await app.invoke("rotateOnSchedule", "timer", timerInput());
    const line = JSON.parse(invocation.log.at(-1)?.text ?? "{}");
    told = { ...line.summary, tickMs: line.durationMs };
  }
}
if (what === "bare calls") {
  const { bareCalls } = await import("./bareCalls.ts");
  await bareCalls(process.env);
}
const { user, system } = process.cpuUsage();
process.send?.({ told, megabytes: process.resourceUsage().maxRSS / 1024, cpuMs: (user + system) / 1000 });
process.disconnect?.();

export {};
