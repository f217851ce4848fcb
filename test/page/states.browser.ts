/** The page of the built app, over the fleet of `npm start`, which is in every state. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LocalAzure, startLocalAzure } from "../../local/azure/index.ts";
import { type Host, startHost } from "../../local/host/index.ts";
import { settingsOf } from "../../local/start/fleet.ts";
import { playHistory } from "../../local/start/history.ts";
import { openAll, overflow, RUNBOOK, useBrowser, violations } from "./browser.ts";

const { open } = useBrowser();
let azure: LocalAzure;
let app: Host;
beforeAll(async () => {
  azure = await startLocalAzure();
  await playHistory(azure, "dist");
  app = await startHost({ folder: "dist", settings: { ...settingsOf(azure), RUNBOOK_URL: RUNBOOK } });
});
afterAll(async () => {
  await app?.stop();
  await azure?.stop();
});
const address = () => `${app.url}/api/status?code=${app.keys.function}`;

test("the first sentence says that a person is needed, for what and where, and leads there", async () => {
  await open(address(), async (page) => {
    expect(await page.title()).toBe("(4) Integration runtime keys");
    expect(await page.locator(".headline").innerText()).toMatch(
      /4 of 12 runtimes need a person: hamburg of contoso-plants \(nodes lost\); berlin-shared of contoso-labs \(runtime linked\); cadiz of contoso-labs \(secret disabled\); turin of contoso-labs \(access denied\)\./,
    );
    for (const name of ["hamburg", "cadiz"]) {
      const target = await page.locator(".headline a", { hasText: name }).getAttribute("href");
      expect(await page.locator(`${target} .name`).innerText()).toContain(name);
    }
  });
});

test("every state is told by a word and a shape, with whose move it is", async () => {
  await open(address(), async (page) => {
    await openAll(page);
    const items = await page.locator(".runtimes > li").all();
    const shapes = await page.evaluate<string[]>(
      "[...document.querySelectorAll('.state')].map((it) => getComputedStyle(it, '::before').content.at(1))",
    );
    const told = await Promise.all(
      items.map(async (item, index) => {
        const [name] = (await item.locator(".name").innerText()).split(" ");
        const [move] = (await item.locator("p > b").first().innerText()).split(":");
        return `${name}: ${shapes[index]} ${await item.locator(".state").innerText()}: ${move}`;
      }),
    );
    expect(told).toEqual([
      "hamburg: ▲ nodes lost: Your move",
      "berlin-shared: ▲ blocked: runtime linked: Your move",
      "cadiz: ▲ blocked: secret disabled: Your move",
      "turin: ▲ unreadable: access denied: Your move",
      "vienna: ◆ drifted: The app's move",
      "riga: ◆ unfinished: The app's move",
      "lisbon: ‖ due: paused: Your move, not now",
      "tallinn: ◷ due: rollout: Nobody's move",
      "oslo: ◆ unpublished: The app's move",
      "porto: ‖ due: braked: Your move, not now",
      "madrid: ✓ healthy: Nobody's move",
      "berlin: ✓ healthy: Nobody's move",
    ]);
    const links = await page
      .locator("li a")
      .evaluateAll((all) => all.map((link) => link.getAttribute("href")));
    expect(links.slice(0, 2)).toEqual([`${RUNBOOK}#nodes-lost`, `${RUNBOOK}#runtime-linked`]);
  });
});

test("nodes that may still use the key that dies next are told, and so are the last rotations", async () => {
  await open(address(), async (page) => {
    await openAll(page);
    const hamburg = page.locator("li", { has: page.locator(".name", { hasText: "hamburg" }) }).first();
    const nodes = await hamburg.locator("table").first().innerText();
    expect(nodes).toMatch(/hamburg-1\s+○ Offline\s+may still use authKey2, which dies next/);
    const rotations = hamburg.locator("table").nth(1).locator("tbody tr");
    expect(await rotations.allInnerTexts()).toEqual([
      expect.stringMatching(/3 days ago[\s\S]+authKey1\s+due\s+enabled/),
      expect.stringMatching(/36 days ago|37 days ago[\s\S]+authKey2\s+on-demand\s+enabled/),
      expect.stringMatching(/40 days ago[\s\S]+authKey1\s+first-contact\s+disabled/),
    ]);
  });
});

describe.each([360, 1600])("at %i pixels", (width) => {
  test.each(["light", "dark"] as const)(
    "in %s, axe has nothing to say, closed and open",
    async (colorScheme) => {
      await open(
        address(),
        async (page) => {
          expect(await violations(page)).toEqual([]);
          await openAll(page);
          expect(await violations(page)).toEqual([]);
          expect(await overflow(page)).toBe(0);
        },
        { viewport: { width, height: 900 }, colorScheme },
      );
    },
  );
});

test("without scripts everything is there but the filter", async () => {
  await open(
    address(),
    async (page) => {
      expect(await page.locator("search").isVisible()).toBe(false);
      expect(await page.locator(".runtimes > li:visible").count()).toBe(12);
      await openAll(page);
      expect(await page.locator("table:visible").count()).toBeGreaterThan(12);
    },
    { javaScriptEnabled: false },
  );
});

test("by the keyboard alone, one gets to the first runtime's nodes", async () => {
  await open(address(), async (page) => {
    for (let presses = 0; presses < 20; presses += 1) {
      await page.keyboard.press("Tab");
      if (await page.evaluate("document.activeElement.textContent.includes('of hamburg')")) break;
    }
    await page.keyboard.press("Enter");
    expect(await page.locator("table").first().isVisible()).toBe(true);
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.ariaLabel")).toBe("Nodes of hamburg");
  });
});

test("the function key of the address is nowhere on the page", async () => {
  await open(address(), async (page) => {
    expect(await page.content()).not.toContain(app.keys.function);
  });
});
