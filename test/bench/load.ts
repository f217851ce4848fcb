/**
 * One measured process: does what its first argument says, then tells its parent the memory it took at most.
 * The parent takes the time, from before the process starts until this message.
 */
const SDKS = [
  "@azure/functions",
  "@azure/identity",
  "@azure/keyvault-secrets",
  "@azure/arm-datafactory",
  "@azure/storage-blob",
];

const [what, folder = ""] = process.argv.slice(2);
if (what === "sdks") for (const name of SDKS) await import(name);
if (what === "registered" || what === "tick") {
  const { loadFunctionApp, timerInput } = await import("../../local/host/functionApp.ts");
  const app = await loadFunctionApp(folder);
  if (what === "tick") {
    const { invocation } = await app.invoke("rotateOnSchedule", "timer", timerInput());
    if (invocation.error !== undefined) throw new Error("the tick failed");
    const { summary } = JSON.parse(invocation.log.at(-1)?.text ?? "{}");
    if (summary.kept !== Number(process.env.EXPECT_KEPT)) throw new Error("the tick was not idle");
  }
}
process.send?.({ megabytes: process.resourceUsage().maxRSS / 1024 });
process.disconnect?.();

export {};
