import { expect, test } from "vitest";
import { given } from "./given.ts";

const JSON_TYPE = "application/json";
const PAGE_TYPE = "text/html; charset=utf-8";
/** What a browser sends for an address that somebody types. */
const BROWSER =
  "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7";

test.each<[client: string, accept: string | undefined, type: string]>([
  ["a browser", BROWSER, PAGE_TYPE],
  ["whoever asks for nothing else", "text/html", PAGE_TYPE],
  ["whoever writes it otherwise", "Text/HTML;Q=0.9, application/json;q=0.5", PAGE_TYPE],
  ["whoever takes any text before JSON", "text/*, application/json;q=0.1", PAGE_TYPE],
  ["curl", "*/*", JSON_TYPE],
  ["whoever does not say", undefined, JSON_TYPE],
  ["a script", "application/json", JSON_TYPE],
  ["axios", "application/json, text/plain, */*", JSON_TYPE],
  ["whoever likes both as much", "text/html, application/json", PAGE_TYPE],
  ["whoever likes both as much, JSON first", "application/json, text/html", JSON_TYPE],
  ["whoever likes JSON better", "text/html;q=0.5, application/json", JSON_TYPE],
  ["whoever would have plain text, or else anything", "text/plain, */*", JSON_TYPE],
  ["whoever refuses HTML", "text/html;q=0, */*", JSON_TYPE],
  ["whoever can use neither", "text/csv", JSON_TYPE],
  ["whoever sends nonsense", "text/;;q=x,,", JSON_TYPE],
])("%s is answered in the type that it prefers", async (_client, accept, type) => {
  const app = await given().adopted(48);
  const { status, headers } = await app.status("", accept);
  expect([status, headers.get("content-type")]).toEqual([200, type]);
});

test("the page has the content of the JSON, its history included, and none of the address", async () => {
  const { adopted } = given();
  const app = await adopted(48);
  await app.rotate({ runtimes: ["alpha"] });
  const { runtimes } = (await app.status("?history=true")).body;
  const { text } = await app.status("?code=FAKE-key&history=false", BROWSER);
  const [{ runtime, secret, message, history }] = runtimes;
  for (const each of [runtime, secret, message]) expect(text).toContain(each);
  expect(history).toHaveLength(2);
  expect(text.match(/<td>(?:on-demand|unknown)<\/td>/g)).toEqual(["<td>on-demand</td>", "<td>unknown</td>"]);
  expect(text).not.toContain("FAKE");
  expect(text).not.toContain("code=");
});

test("a page that is loaded again at once, or by two at once, costs one reading; JSON is always read anew", async () => {
  const { adopted, operations, forget } = given();
  const app = await adopted(48);
  const reading = ["getSecret", "getStatus", "listAuthKeys", "listVersions"];
  const [first, second] = await Promise.all([app.status("", BROWSER), app.status("", BROWSER)]);
  expect(operations().toSorted()).toEqual(reading);
  const third = await app.status("", BROWSER);
  expect(operations()).toHaveLength(4);
  for (const { text } of [first, second, third]) expect(text).toContain("1 runtime: 1 healthy");
  forget();
  await app.status("?history=true");
  await app.status("?history=true");
  expect(operations().toSorted()).toEqual([...reading, ...reading].toSorted());
});

test("a runbook's address leads to its sections; without one they are named", async () => {
  const { adopted, latest } = given();
  const look = async (settings: Record<string, string>) => {
    const app = await adopted(48, undefined, settings);
    latest().enabled = false;
    return (await app.status("", BROWSER)).text;
  };
  expect(await look({ RUNBOOK_URL: "https://wiki.contoso.com/runbook?a=1&b=2" })).toContain(
    'href="https://wiki.contoso.com/runbook?a=1&amp;b=2#secret-disabled"',
  );
  expect(await look({})).toContain("See “secret-disabled” in docs/runbook.md.");
});

test("a browser is told of wrong settings as everybody is, and such a page is not kept", async () => {
  const answer = await (await given().app(["my-runtime"])).status("", BROWSER);
  expect([answer.status, answer.headers.get("content-type")]).toEqual([500, "application/problem+json"]);
});

test.each([
  "javascript:alert(1)",
  "wiki.contoso.com/runbook",
  "https://a@wiki.contoso.com/",
  "https://wiki.contoso.com/#top",
])("%s is no address of a runbook", async (RUNBOOK_URL) => {
  const answer = await (await given().app(undefined, { RUNBOOK_URL })).status();
  expect([answer.status, answer.body.problems]).toEqual([500, [expect.stringMatching(/^RUNBOOK_URL: /)]]);
});
