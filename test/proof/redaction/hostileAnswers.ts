/** An answer of a service, with auth keys in places where none belongs or where one always is. */
export interface HostileAnswer {
  readonly name: string;
  /** `cut` ends the real answer in its middle. */
  readonly answer: { status: number; headers: Record<string, string>; body: string } | "cut" | "reset";
}

const STATUSES = [200, 202, 204, 302, 400, 401, 403, 404, 408, 409, 412, 429, 500, 502, 503, 504];
const json = { "content-type": "application/json" };
const html = { "content-type": "text/html" };

/** Every status with every shape of a body or of headers that these values can stand in. */
export function hostileAnswers(values: readonly string[]): readonly HostileAnswer[] {
  const answers = STATUSES.flatMap((status) =>
    shapes(values).map(({ name, headers, body }) => ({
      name: `${status} ${name}`,
      answer: { status, headers, body: status === 204 ? "" : body },
    })),
  );
  return [...answers, { name: "the real answer, cut", answer: "cut" }, { name: "reset", answer: "reset" }];
}

function shapes(values: readonly string[]) {
  const [one = "", two = ""] = values;
  const all = values.join(" ");
  const keys = {
    authKey1: one,
    authKey2: two,
    value: one,
    keys: values,
    properties: { type: one, value: two },
  };
  const error = {
    code: "Fault",
    message: `the value ${one} is refused, and "${two}" too`,
    target: one,
    details: [keys],
  };
  return [
    {
      name: "error that quotes the values",
      headers: json,
      body: JSON.stringify({ error: { ...error, innererror: { code: "Inner", message: all, value: one } } }),
    },
    // So long that the cut goes through the value.
    {
      name: "error whose message is long before it quotes",
      headers: json,
      body: JSON.stringify({ error: { code: "Fault", message: `${"word ".repeat(56)}${one}` } }),
    },
    { name: "JSON with the values", headers: json, body: JSON.stringify(keys) },
    { name: "JSON that is cut short", headers: json, body: JSON.stringify(keys).slice(0, -20) },
    { name: "JSON with something after it", headers: json, body: `${JSON.stringify(keys)}\n    at ${all}` },
    { name: "a list", headers: json, body: JSON.stringify(values) },
    { name: "plain text", headers: { "content-type": "text/plain" }, body: all },
    { name: "HTML", headers: html, body: `<html><body>${all}</body></html>` },
    {
      name: "XML",
      headers: { "content-type": "application/xml" },
      body: `<?xml version="1.0"?><Error><Code>Fault</Code><Message>${all}</Message></Error>`,
    },
    {
      name: "headers",
      headers: {
        ...json,
        "retry-after": one,
        location: `https://contoso.vault.azure.net/${one}`,
        "x-key": two,
      },
      body: "{}",
    },
  ];
}
