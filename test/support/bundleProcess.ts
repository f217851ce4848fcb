/**
 * Loads a built app as the Node worker does and runs its timer as often as it is told to. Tells its parent
 * what the app registered, and which of its files were loaded when.
 */
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";
import { type Invocation, loadFunctionApp, timerInput } from "../../local/host/functionApp.ts";

export interface Loaded {
  functions: Record<string, object[]>;
  files: string[];
}

export interface Ticked {
  invocation: Invocation;
  /** All files of the app that are loaded by now. */
  files: string[];
}

const [folder = "", ticks = "0"] = process.argv.slice(2);
const files = new Set<string>();
registerHooks({
  load(url, context, nextLoad) {
    const path = url.startsWith("file:") ? fileURLToPath(url) : url;
    if (path.startsWith(folder)) files.add(path.slice(folder.length + 1));
    return nextLoad(url, context);
  },
});

const app = await loadFunctionApp(folder);
const functions = [...app.functions].map(([name, { bindings }]) => [name, Object.values(bindings)]);
send({ functions: Object.fromEntries(functions), files: [...files] } satisfies Loaded);
for (let tick = 0; tick < Number(ticks); tick += 1) {
  const { invocation } = await app.invoke("rotateOnSchedule", "timer", timerInput());
  send({ invocation, files: [...files] } satisfies Ticked);
}
process.disconnect?.();

function send(message: Loaded | Ticked): void {
  process.send?.(message);
}
