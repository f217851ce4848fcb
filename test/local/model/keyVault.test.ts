import { beforeEach, expect, test } from "vitest";
import type { AzureError } from "../../../local/azure/model/azureError.ts";
import {
  addVault,
  createKeyVaultState,
  deleteSecret,
  getSecret,
  type KeyVaultState,
  latestVersion,
  listVersions,
  recoverSecret,
  type SecretFields,
  setSecret,
  updateSecret,
  type Vault,
} from "../../../local/azure/model/keyVault.ts";

let state: KeyVaultState;
let vault: Vault;

beforeEach(() => {
  state = createKeyVaultState();
  vault = addVault(state, "contoso.vault.azure.net");
});

const set = (value: string, at: number, fields: SecretFields = {}) =>
  setSecret(state, vault, "alpha", value, fields, at);

function refusal(act: () => unknown): (string | number | undefined)[] {
  try {
    act();
  } catch (error) {
    const { status, code, innerCode } = error as AzureError;
    return [status, code, innerCode];
  }
  throw new Error("It was not refused");
}

test("the latest version is the one written last, also when the clock went back", () => {
  set("first", 50_000);
  set("second", 20_000);
  expect(getSecret(vault, "alpha").value).toBe("second");
});

test("times have whole seconds", () => {
  expect(set("first", 1_999)).toMatchObject({ created: 1, updated: 1 });
  const { id } = set("second", 2_000);
  expect(updateSecret(vault, "alpha", id, { enabled: true }, 9_700)).toMatchObject({
    created: 2,
    updated: 9,
  });
});

test("a new version carries nothing over", () => {
  set("first", 0, { contentType: "text/plain", tags: { owner: "us" }, expires: 100, notBefore: 50 });
  expect(set("second", 0)).toMatchObject({
    contentType: undefined,
    tags: {},
    enabled: true,
    expires: undefined,
    notBefore: undefined,
  });
});

test("an update changes what it says, replaces the tags as a whole and writes no version", () => {
  const { id } = set("first", 0, { contentType: "text/plain", tags: { a: "1", b: "2" }, expires: 100 });
  updateSecret(vault, "alpha", id, { tags: { c: "3" } }, 0);
  updateSecret(vault, "alpha", id, { enabled: false }, 0);
  expect(listVersions(vault, "alpha")).toMatchObject([
    { id, contentType: "text/plain", tags: { c: "3" }, expires: 100, enabled: false },
  ]);
});

test("an update without a version changes the latest", () => {
  const first = set("first", 0);
  const second = set("second", 0);
  expect(updateSecret(vault, "alpha", undefined, { enabled: false }, 0).id).toBe(second.id);
  expect(getSecret(vault, "alpha", first.id).value).toBe("first");
});

test("only a disabled version is refused, and stays the latest", () => {
  const first = set("first", 0, { expires: 1, notBefore: 999_999 });
  expect(getSecret(vault, "alpha").value).toBe("first");
  const second = set("second", 0);
  updateSecret(vault, "alpha", second.id, { enabled: false }, 0);
  expect(refusal(() => getSecret(vault, "alpha"))).toEqual([403, "Forbidden", "SecretDisabled"]);
  expect(refusal(() => getSecret(vault, "alpha", second.id))).toEqual([403, "Forbidden", "SecretDisabled"]);
  expect(getSecret(vault, "alpha", first.id).value).toBe("first");
  expect(latestVersion(vault, "alpha")?.id).toBe(second.id);
  expect(set("third", 0).enabled).toBe(true);
});

test("the ids of versions are 32 hexadecimal digits, and their order tells nothing about age", () => {
  const written = Array.from({ length: 20 }, (_, index) => set(`${index}`, index * 1000).id);
  for (const id of written) expect(id).toMatch(/^[0-9a-f]{32}$/);
  const listed = listVersions(vault, "alpha").map((version) => version.id);
  expect(listed).toEqual(written.toSorted());
  expect(listed).not.toEqual(written);
});

test("a deleted secret is hidden, keeps its name taken, and can be recovered", () => {
  set("first", 0);
  deleteSecret(vault, "alpha", 1_000);
  expect(refusal(() => getSecret(vault, "alpha"))).toEqual([404, "SecretNotFound", undefined]);
  expect(refusal(() => updateSecret(vault, "alpha", undefined, {}, 0))[0]).toBe(404);
  expect(listVersions(vault, "alpha")).toEqual([]);
  expect(latestVersion(vault, "alpha")).toBeUndefined();
  expect(refusal(() => set("second", 2_000))).toEqual([409, "Conflict", "ObjectIsDeletedButRecoverable"]);
  recoverSecret(vault, "alpha");
  expect(getSecret(vault, "alpha").value).toBe("first");
});

test("a secret that never was is not found, and has no versions", () => {
  expect(refusal(() => getSecret(vault, "alpha"))).toEqual([404, "SecretNotFound", undefined]);
  expect(listVersions(vault, "alpha")).toEqual([]);
});

test("names are compared without case", () => {
  set("first", 0);
  expect(getSecret(vault, "ALPHA").value).toBe("first");
});

test("a name, a value and tags have limits", () => {
  const tags = (count: number, length: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag${index}`, "x".repeat(length)]));
  expect(refusal(() => getSecret(vault, "my_secret"))).toEqual([400, "BadParameter", undefined]);
  expect(refusal(() => getSecret(vault, "x".repeat(128)))[0]).toBe(400);
  expect(refusal(() => set("x".repeat(25_601), 0))[0]).toBe(400);
  expect(refusal(() => set("v", 0, { tags: tags(16, 1) }))[0]).toBe(400);
  expect(refusal(() => set("v", 0, { tags: tags(1, 513) }))[0]).toBe(400);
  const { id } = set("x".repeat(25_600), 0, { tags: tags(15, 512) });
  expect(refusal(() => updateSecret(vault, "alpha", id, { tags: tags(16, 1) }, 0))[0]).toBe(400);
});
