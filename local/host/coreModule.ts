import Module from "node:module";

/** A function as the app registered it: its bindings by name, the trigger among them. */
export interface RegisteredFunction {
  name: string;
  bindings: Record<string, Binding>;
  callback: (...args: unknown[]) => unknown;
}

export interface Binding {
  type: string;
  direction: "in" | "out";
  /** Of a timer. */
  schedule?: string;
  /** Of an HTTP trigger. */
  route?: string;
  methods?: string[];
  authLevel?: "anonymous" | "function" | "admin";
}

/** The app's own half of the Node worker's programming model: what `@azure/functions` puts in place. */
export interface ProgrammingModel {
  getInvocationModel(context: unknown): InvocationModel;
}

export interface InvocationModel {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
  invokeFunction(
    context: unknown,
    inputs: unknown[],
    callback: RegisteredFunction["callback"],
  ): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<{ returnValue?: TypedData | null }>;
}

/** A value on the wire between host and worker; only the kinds that are played here. */
export interface TypedData {
  json?: string;
  http?: HttpData;
}

export interface HttpData {
  statusCode?: string;
  url?: string;
  method?: string;
  headers?: Record<string, string>;
  body?: { bytes?: Uint8Array; string?: string };
}

/** What an app left with the worker while it loaded. */
export interface Registrations {
  functions: Map<string, RegisteredFunction>;
  model: ProgrammingModel | undefined;
}

/**
 * Provides `@azure/functions-core`, which is no package: the Node worker answers `require` for it, as this does
 * (`setupCoreModule.ts` of Azure/azure-functions-nodejs-worker). Returns what the app registers through it.
 */
export function provideCoreModule(): Registrations {
  const registered: Registrations = { functions: new Map(), model: undefined };
  const core = {
    version: "3.0.0-local",
    hostVersion: "4.0.0-local",
    registerFunction(
      metadata: Pick<RegisteredFunction, "name" | "bindings">,
      callback: RegisteredFunction["callback"],
    ) {
      const { name, bindings } = metadata;
      if (registered.functions.has(name)) {
        throw new Error(`A function with id "${name}" has already been registered.`);
      }
      registered.functions.set(name, { name, bindings, callback });
    },
    setProgrammingModel(model: ProgrammingModel) {
      registered.model = model;
    },
    getProgrammingModel: () => registered.model,
    registerHook() {
      throw new Error("The local host plays no hooks");
    },
    log(level: string, _category: string, message: string) {
      if (level === "warning" || level === "error") console.error(message);
    },
  };
  Module.prototype.require = new Proxy(Module.prototype.require, {
    apply: (target, self, args) =>
      args[0] === "@azure/functions-core" ? core : Reflect.apply(target, self, args),
  });
  return registered;
}
