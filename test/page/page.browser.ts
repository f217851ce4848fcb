/** What the page makes of fleets that nobody has at hand: large ones, calm ones, and such with hostile names. */
import { expect, test } from "vitest";
import { page as htmlOf } from "../../src/report/page/page.ts";
import { fleetOf, HOSTILE, nodeOf, statusOf, thousand } from "../support/statuses.ts";
import { openAll, overflow, useBrowser, violations } from "./browser.ts";

const { show } = useBrowser();

test("a fleet that needs nobody says so first", async () => {
  await show(fleetOf([statusOf("alpha"), statusOf("beta")]), async (page) => {
    expect(await page.title()).toBe("Integration runtime keys");
    expect(await page.locator(".headline").innerText()).toContain(
      "No person is needed now for any of 2 runtimes.",
    );
    expect(await page.locator("h2").allInnerTexts()).toEqual(["contoso"]);
    expect(await violations(page)).toEqual([]);
  });
});

test("a fleet without runtimes is told as that", async () => {
  await show(fleetOf([]), async (page) => {
    expect(await page.locator(".headline").innerText()).toContain("There is no runtime");
    expect(await violations(page)).toEqual([]);
  });
});

// 320 is what 400% of a laptop's screen comes to.
test.each([320, 1600])("names of others are text and nothing else, at %i pixels", async (width) => {
  const runtimes = HOSTILE.map((text, index) =>
    statusOf(
      index % 2 === 0 ? text : `alpha-${index}`,
      {
        message: text,
        secret: text,
        nodes: [nodeOf(text, { status: text, version: text })],
        ...(index < 4 ? { state: "blocked", reason: "secret-not-ours" } : {}),
      },
      index % 3 === 0 ? text.replaceAll("/", "") : "contoso",
    ),
  );
  const scopes = [
    { scope: HOSTILE[0]!, outcome: "failed", reason: "access-denied", message: HOSTILE[1]! } as const,
  ];
  await show(
    fleetOf(runtimes, { scopes }),
    async (page) => {
      await openAll(page);
      expect(await page.title()).toBe("(4) Integration runtime keys");
      const text = await page.locator("body").textContent();
      for (const each of HOSTILE) expect(text).toContain(each);
      expect(await page.locator("img, h1:not(header h1), main script").count()).toBe(0);
      const handlers =
        "[...document.querySelectorAll('*')].flatMap((it) => it.getAttributeNames()).filter((it) => it.startsWith('on'))";
      expect(await page.evaluate(handlers)).toEqual([]);
      expect(await overflow(page)).toBe(0);
      expect(await violations(page)).toEqual([]);
    },
    { viewport: { width, height: 900 } },
  );
});

test("what is not the page's own does nothing, even where it got into the page", async () => {
  await show(fleetOf([statusOf("alpha")]), async (page, complaints) => {
    const inject = (tag: string, properties: object) =>
      page.evaluate(
        `document.body.append(Object.assign(document.createElement("${tag}"), ${JSON.stringify(properties)}))`,
      );
    await inject("script", { textContent: "document.title = 'taken'" });
    await inject("p", { innerHTML: "<b style='color: red' onclick='document.title = 1'>x</b>" });
    await page.locator("p b", { hasText: "x" }).last().click();
    await expect.poll(() => complaints).toHaveLength(3);
    for (const each of complaints.splice(0)) expect(each).toContain("Content Security Policy");
    expect(await page.title()).toBe("Integration runtime keys");
  });
});

test("a thousand runtimes are a few hundred KB, drawn within two seconds, and found by a filter", async () => {
  const fleet = thousand();
  const bytes = Buffer.byteLength(htmlOf(fleet, { ageMs: 0, runbookUrl: undefined }));
  expect(bytes).toBeLessThan(600_000);
  await show(fleet, async (page) => {
    const [drawn, loaded] = await page.evaluate<[number, number]>(`new Promise((resolve) => {
      const [{ responseEnd, loadEventEnd }] = performance.getEntriesByType("navigation");
      new PerformanceObserver((list) => {
        resolve([list.getEntries().at(-1).startTime - responseEnd, loadEventEnd - responseEnd]);
      }).observe({ type: "paint", buffered: true });
    })`);
    const figures = `${Math.round(bytes / 1000)} KB, painted ${Math.round(drawn)} ms and loaded ${Math.round(loaded)} ms after they came`;
    console.log(`1,000 runtimes: ${figures}`);
    expect(Math.max(drawn, loaded)).toBeLessThan(2000);
    expect(await page.locator(".headline").innerText()).toContain(
      "1 of 1000 runtimes needs a person: shir-0500",
    );

    await page.getByRole("searchbox", { name: "Filter" }).fill("plant-07 shir-0107");
    await page.locator("output", { hasText: "1 of 1000" }).waitFor();
    expect(await page.locator(".runtimes > li:visible .name").allInnerTexts()).toEqual(["shir-0107"]);
    await page.getByRole("searchbox", { name: "Filter" }).fill("");
    expect(await page.locator(".runtimes > li:visible").count()).toBe(1);
    expect(await violations(page)).toEqual([]);
  });
});

test("times are told in the reader's zone with UTC beside, and in UTC alone where that is the zone", async () => {
  const timeIn = async (timezoneId: string, javaScriptEnabled = true) => {
    let text = "";
    const fleet = fleetOf([statusOf("alpha", { dueAt: "2027-03-31T23:30:00Z" })]);
    await show(
      fleet,
      async (page) => {
        await openAll(page);
        text = (await page.locator("dd").nth(1).innerText()).replace("; authKey2 dies by it", "");
      },
      { timezoneId, javaScriptEnabled },
    );
    return text;
  };
  expect(await timeIn("Europe/Berlin")).toBe("due in 30 days, 2027-04-01 01:30 GMT+2 (2027-03-31 23:30 UTC)");
  expect(await timeIn("America/New_York")).toBe("due in 30 days, 2027-03-31 19:30 EDT (23:30 UTC)");
  expect(await timeIn("UTC")).toBe("due in 30 days, 2027-03-31 23:30 UTC");
  expect(await timeIn("Europe/Berlin", false)).toBe("due in 30 days, 2027-03-31 23:30 UTC");
});

test.each([true, false])(
  "on paper everything is open and the filter is gone, with scripts: %s",
  async (javaScriptEnabled) => {
    const fleet = fleetOf([
      statusOf("alpha", { state: "blocked", reason: "secret-disabled" }),
      statusOf("beta"),
    ]);
    await show(
      fleet,
      async (page) => {
        await page.emulateMedia({ media: "print" });
        expect(await page.locator("search").isVisible()).toBe(false);
        for (const name of ["alpha-1", "beta-2"])
          expect(await page.getByText(name, { exact: true }).isVisible()).toBe(true);
        expect((await page.pdf({ format: "A4" })).length).toBeGreaterThan(10_000);
      },
      { javaScriptEnabled, colorScheme: "dark" },
    );
  },
);

test("the age of the reading grows while the page is open", async () => {
  await show(
    fleetOf([statusOf("alpha")]),
    async (page) => {
      expect(await page.locator("[data-age]").innerText()).toBe("12 seconds ago");
      await page.clock.runFor(150_000);
      expect(await page.locator("[data-age]").innerText()).toBe("2 minutes ago: load the page again");
    },
    {},
    (page) => page.clock.install(),
  );
});
