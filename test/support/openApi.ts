/** Holds what the HTTP functions take and answer against docs/openapi.json. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";

const DOCUMENT = join(import.meta.dirname, "../../docs/openapi.json");

interface Answered {
  readonly description: string;
  readonly headers?: Readonly<Record<string, { readonly required?: boolean; readonly schema: object }>>;
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}

export interface Operation {
  readonly operationId: string;
  readonly requestBody?: { readonly content: { readonly "application/json": { readonly schema: object } } };
  readonly responses: Readonly<Record<string, Answered>>;
}

interface Document {
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Record<string, unknown>>> };
}

export const openApi: Document = JSON.parse(readFileSync(DOCUMENT, "utf8"));

// The document is no schema as a whole; its schemas are reached by its address.
const ajv = new Ajv2020({ allErrors: true, strictSchema: false, strictTypes: false });
formats.default(ajv);
ajv.addSchema(openApi, "openapi.json");

export function operation(method: string, path: string): Operation {
  const found = openApi.paths[`/${path}`]?.[method.toLowerCase()];
  if (found === undefined) throw new Error(`docs/openapi.json has no ${method} ${path}`);
  return found;
}

/** What an answer has that the document does not allow, or lacks. */
export function mistakesInAnswer(
  { responses }: Operation,
  { status, headers, body }: { status: number; headers: Headers; body: unknown },
): string[] {
  const answered = responses[status];
  if (answered === undefined) return [`there is no answer ${status}`];
  const mistakes: string[] = [];
  for (const [name, { required, schema }] of Object.entries(answered.headers ?? {})) {
    const value = headers.get(name);
    if (value !== null) mistakes.push(...mistakesIn(schema, value).map((each) => `${name} ${each}`));
    else if (required) mistakes.push(`there is no ${name}`);
  }
  const undeclared = ["retry-after", "location"].filter(
    (name) =>
      headers.has(name) && !Object.keys(answered.headers ?? {}).some((each) => each.toLowerCase() === name),
  );
  mistakes.push(...undeclared.map((name) => `${name} is not declared`));
  const type = headers.get("content-type") ?? "";
  const content = answered.content?.[type];
  if (content === undefined) return [...mistakes, `there is no content of type ${type}`];
  return [...mistakes, ...mistakesIn(content.schema, body)];
}

/** What a body has that the document does not allow. */
export function mistakesInRequest({ requestBody }: Operation, body: unknown): string[] {
  const schema = requestBody?.content["application/json"].schema;
  return schema === undefined ? [] : mistakesIn(schema, body);
}

function mistakesIn(schema: object, value: unknown): string[] {
  const absolute = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"openapi.json#/'));
  const validate = ajv.compile(absolute);
  validate(value);
  // Neither names nor values: a test prints them.
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath || "it"} ${message}`);
}
