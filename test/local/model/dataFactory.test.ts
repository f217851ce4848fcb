import { expect, test } from "vitest";
import type { AzureError } from "../../../local/azure/model/azureError.ts";
import {
  addFactory,
  addRuntime,
  createDataFactoryState,
  getRuntime,
  listAuthKeys,
  listFactories,
  listRuntimes,
  liveKeys,
  regenerateAuthKey,
  removeRuntime,
} from "../../../local/azure/model/dataFactory.ts";

const group = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers";
const alpha = `${group}/Microsoft.DataFactory/factories/contoso/integrationRuntimes/alpha`;
const beta = `${group}/Microsoft.DataFactory/factories/contoso/integrationRuntimes/beta`;

function refusal(act: () => unknown): Pick<AzureError, "status" | "code" | "target"> {
  try {
    act();
  } catch (error) {
    const { status, code, target } = error as AzureError;
    return { status, code, target };
  }
  throw new Error("It was not refused");
}

test("a regenerated key lives on under a new value, and its history tells when the old one died", () => {
  const state = createDataFactoryState();
  addRuntime(state, alpha, 1_000);
  const before = liveKeys(state, alpha);
  const answer = regenerateAuthKey(state, alpha, "authKey2", 5_000);
  expect(Object.keys(answer)).toEqual(["authKey2"]);
  expect(liveKeys(state, alpha)).toEqual({ authKey1: before.authKey1, authKey2: answer.authKey2 });
  expect(getRuntime(state, alpha).keys.authKey2).toEqual([
    { value: before.authKey2, bornAt: 1_000, diedAt: 5_000 },
    { value: answer.authKey2, bornAt: 5_000, diedAt: undefined },
  ]);
});

test("both keys of a runtime share a guid and no value is ever minted twice", () => {
  const state = createDataFactoryState();
  addRuntime(state, alpha, 0);
  addRuntime(state, beta, 0);
  regenerateAuthKey(state, alpha, "authKey1", 1);
  const lives = [alpha, beta].flatMap((id) => Object.values(getRuntime(state, id).keys).flat());
  const guids = lives.map((life) => life.value.split("@")[1]);
  expect(new Set(lives.map((life) => life.value)).size).toBe(5);
  expect(new Set(guids).size).toBe(2);
  expect(new Set(guids.slice(0, 3)).size).toBe(1);
});

test("a made-up value has the service's format and says that it is made up", () => {
  const state = createDataFactoryState();
  addRuntime(state, alpha, 0, { region: "northeurope" });
  expect(liveKeys(state, alpha).authKey1).toMatch(
    /^IR@[0-9a-f-]{36}@contoso@ServiceEndpoint=contoso\.northeurope\.datafactory\.azure\.net@FAKE[\w+/]{43}=$/,
  );
});

test("the same calls on a copy mint the same values, and leave the original alone", () => {
  const state = createDataFactoryState();
  addRuntime(state, alpha, 0);
  const copy = structuredClone(state);
  const first = regenerateAuthKey(state, alpha, "authKey1", 1);
  expect(regenerateAuthKey(copy, alpha, "authKey1", 1)).toEqual(first);
  regenerateAuthKey(copy, alpha, "authKey1", 2);
  expect(liveKeys(state, alpha).authKey1).toBe(first.authKey1);
});

test("ids are compared without case", () => {
  const state = createDataFactoryState();
  addRuntime(state, alpha, 0);
  expect(liveKeys(state, alpha.toUpperCase())).toEqual(liveKeys(state, alpha));
  expect(getRuntime(state, alpha.toLowerCase()).id).toBe(alpha);
});

test("what is missing first is what the refusal names", () => {
  const state = createDataFactoryState();
  addRuntime(state, alpha, 0);
  expect(refusal(() => getRuntime(state, beta))).toEqual({
    status: 404,
    code: "NotFound",
    target: beta.replace("integrationRuntimes", "integrationruntimes"),
  });
  expect(refusal(() => getRuntime(state, alpha.replace("contoso", "fabrikam")))).toMatchObject({
    status: 404,
    code: "ResourceNotFound",
  });
  expect(refusal(() => getRuntime(state, alpha.replace("/rg/", "/other/")))).toMatchObject({
    status: 404,
    code: "ResourceGroupNotFound",
  });
});

test("a listing of runtimes holds those of one factory", () => {
  const state = createDataFactoryState();
  for (const id of [alpha, beta, alpha.replace("contoso", "contoso-2")]) addRuntime(state, id, 0);
  const factory = alpha.slice(0, alpha.indexOf("/integrationRuntimes/"));
  expect(listRuntimes(state, factory.toUpperCase()).map((runtime) => runtime.id)).toEqual([alpha, beta]);
});

test("factories are listed by subscription or by resource group, in the order of their ids", () => {
  const state = createDataFactoryState();
  const subscription = "/subscriptions/11111111-1111-1111-1111-111111111111";
  const [b, a] = ["b", "A"].map(
    (name) => `${subscription}/resourceGroups/rg/providers/Microsoft.DataFactory/factories/${name}`,
  );
  const other = `${subscription}/resourceGroups/rg-2/providers/Microsoft.DataFactory/factories/c`;
  for (const id of [b, a, other]) addFactory(state, id ?? "", 5_000);
  addFactory(state, `${other.replace("11111111", "22222222")}`, 5_000);
  const listed = (scope: string) => listFactories(state, scope).map((factory) => factory.id);
  expect(listed(subscription.toUpperCase())).toEqual([other, a, b]);
  expect(listed(`${subscription}/resourceGroups/rg`)).toEqual([a, b]);
  expect(listed("/subscriptions/33333333-3333-3333-3333-333333333333")).toEqual([]);
  expect(refusal(() => listed(`${subscription}/resourceGroups/gone`))).toMatchObject({
    status: 404,
    code: "ResourceGroupNotFound",
  });
});

test("a runtime that was removed is listed no more, and its factory stays", () => {
  const state = createDataFactoryState();
  addRuntime(state, alpha, 0);
  removeRuntime(state, alpha.toLowerCase());
  expect(listRuntimes(state, alpha.slice(0, alpha.indexOf("/integrationRuntimes/")))).toEqual([]);
  expect(refusal(() => removeRuntime(state, alpha))).toMatchObject({ status: 404, code: "NotFound" });
});

test("stale listings show the values from before the regenerate, as often as was asked", () => {
  const state = createDataFactoryState();
  addRuntime(state, alpha, 0);
  state.staleListings = 2;
  const before = listAuthKeys(state, alpha);
  regenerateAuthKey(state, alpha, "authKey1", 1);
  const live = liveKeys(state, alpha);
  expect(live.authKey1).not.toBe(before.authKey1);
  expect(listAuthKeys(state, alpha)).toEqual(before);
  expect(listAuthKeys(state, alpha)).toEqual(before);
  expect(listAuthKeys(state, alpha)).toEqual(live);
});

test("a managed runtime has no keys", () => {
  const state = createDataFactoryState();
  addRuntime(state, alpha, 0, { kind: "managed" });
  expect(refusal(() => listAuthKeys(state, alpha))).toMatchObject({ status: 400 });
  expect(refusal(() => regenerateAuthKey(state, alpha, "authKey1", 1))).toMatchObject({ status: 400 });
});

test("the keys of a linked runtime are refused, or are those of the runtime that it shares", () => {
  const state = createDataFactoryState();
  addRuntime(state, alpha, 0);
  addRuntime(state, beta, 0, { kind: "linked", linkedTo: alpha });
  expect(refusal(() => listAuthKeys(state, beta))).toMatchObject({ status: 400 });
  state.linkedKeys = "shared";
  expect(listAuthKeys(state, beta)).toEqual(liveKeys(state, alpha));
  const { authKey1 } = regenerateAuthKey(state, beta, "authKey1", 1);
  expect(liveKeys(state, alpha).authKey1).toBe(authKey1);
});
