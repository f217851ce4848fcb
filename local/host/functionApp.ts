import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  type Binding,
  type HttpData,
  provideCoreModule,
  type RegisteredFunction,
  type TypedData,
} from "./coreModule.ts";

/** One run of a function. */
export interface Invocation {
  name: string;
  trigger: "timer" | "admin" | "http";
  log: LogLine[];
  /** What it threw, if it did. */
  error: string | undefined;
  /** Status, title and detail of the problem that it answered a request with, if it did (RFC 9457). */
  refusal: string | undefined;
}

export interface LogLine {
  level: string;
  text: string;
}

export interface LoadedFunction extends RegisteredFunction {
  trigger: Binding;
}

export interface FunctionApp {
  functions: ReadonlyMap<string, LoadedFunction>;
  /** Runs a function to its end, also where it throws. `http` is the answer of an HTTP function. */
  invoke(
    name: string,
    trigger: Invocation["trigger"],
    input: TypedData,
  ): Promise<{ invocation: Invocation; http: HttpData | undefined }>;
}

/** Loads an app from its folder, once for each process, the way the Node worker does. */
export async function loadFunctionApp(folder: string): Promise<FunctionApp> {
  const registered = provideCoreModule();
  const { main } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  await import(pathToFileURL(join(folder, main)).href);
  const { model } = registered;
  if (model === undefined || registered.functions.size === 0) throw new Error("No functions are registered");

  const functions = new Map<string, LoadedFunction>();
  for (const [name, each] of registered.functions) functions.set(name, { ...each, trigger: triggerOf(each) });

  return {
    functions,
    async invoke(name, trigger, input) {
      const { bindings, callback } = find(functions, name);
      const invocation: Invocation = { name, trigger, log: [], error: undefined, refusal: undefined };
      const invocationId = randomUUID();
      const inputName = Object.keys(bindings).find((key) => isTrigger(bindings[key]));
      const invocationModel = model.getInvocationModel({
        invocationId,
        request: { invocationId, inputData: [{ name: inputName, data: input }], triggerMetadata: {} },
        metadata: { name, bindings },
        log: (level: string, category: string, text: string) => {
          if (category === "user") invocation.log.push({ level, text });
        },
      });
      try {
        const { context, inputs } = await invocationModel.getArguments();
        const result = await invocationModel.invokeFunction(context, inputs, callback);
        const { returnValue } = await invocationModel.getResponse(context, result);
        invocation.refusal = refusalOf(returnValue?.http);
        return { invocation, http: returnValue?.http };
      } catch (error) {
        invocation.error = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
        return { invocation, http: undefined };
      }
    },
  };
}

function refusalOf(http: HttpData | undefined): string | undefined {
  const types = Object.entries(http?.headers ?? {}).filter(([name]) => name.toLowerCase() === "content-type");
  if (!types.some(([, type]) => type.startsWith("application/problem+json"))) return undefined;
  const { bytes, string = "" } = http?.body ?? {};
  const { title, problems } = JSON.parse(bytes === undefined ? string : Buffer.from(bytes).toString());
  return `${http?.statusCode} ${title}: ${problems.join("; ")}`;
}

/** What a timer hands to its function. */
export function timerInput(): TypedData {
  return { json: JSON.stringify({ IsPastDue: false, Schedule: { AdjustForDST: false } }) };
}

function find(functions: FunctionApp["functions"], name: string): LoadedFunction {
  const found = functions.get(name);
  if (found === undefined) throw new Error(`The app has no function ${name}`);
  return found;
}

function triggerOf({ name, bindings }: RegisteredFunction): Binding {
  const trigger = Object.values(bindings).find(isTrigger);
  if (trigger === undefined) throw new Error(`The function ${name} has no trigger`);
  return trigger;
}

function isTrigger(binding: Binding | undefined): boolean {
  return binding?.type.endsWith("Trigger") ?? false;
}
