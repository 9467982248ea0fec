import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import type { Result } from "../../src/record/result.ts";
import { diagnosisHtml } from "../../src/report/html/diagnosis/report.ts";
import { type ReportExtras, reportHtml } from "../../src/report/html/report.ts";
import { faultsOf } from "./accessibility.ts";
import {
  cleanDiagnosis,
  diagnosisExample,
  emptyDiagnosis,
  exampleTables,
  fullDiagnosis,
  hostileDiagnosis,
} from "./diagnosis-example.ts";
import { findChromium } from "./find-chromium.ts";
import {
  checkExample,
  cleanExample,
  EVIL,
  EXAMPLE_LOGS,
  hostile,
  probeExample,
  reportExample,
} from "./report-example.ts";

const found = await findChromium();

describe("report.html in a real browser", { skip: "skip" in found && found.skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), "alb502-report-"));
  let browser: Browser;
  before(async () => {
    const args = process.getuid?.() === 0 ? ["--no-sandbox"] : []; // Chromium has no sandbox for root
    browser = await chromium.launch({ executablePath: (found as { path: string }).path, args });
  });
  after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  /** Opens a report from its file; `done` closes it and fails on any console error and any request but for files. */
  const open = (result: Result, options: BrowserContextOptions = {}, extras: ReportExtras = {}) =>
    openPage(reportHtml(result, extras), options);

  async function openPage(text: string, options: BrowserContextOptions) {
    const file = join(folder, "report.html");
    writeFileSync(file, text);
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    const page = await context.newPage();
    const wrong: string[] = [];
    page.on("console", (message) => ["error", "warning"].includes(message.type()) && wrong.push(message.text()));
    page.on("pageerror", (error) => wrong.push(error.message));
    page.on("request", (request) => !request.url().startsWith("file://") && wrong.push(request.url()));
    await page.goto(pathToFileURL(file).href);
    return {
      page,
      done: async () => {
        await context.close();
        assert.deepEqual(wrong, []);
      },
    };
  }

  const sizes = [
    { width: 390, height: 844 },
    { width: 820, height: 1180 },
    { width: 1280, height: 800 },
  ];
  for (const viewport of sizes) {
    for (const colorScheme of ["light", "dark"] as const) {
      it(`shows verdict, cause and fix first at ${viewport.width}x${viewport.height}, ${colorScheme}; it does not scroll sideways, and all of it can be read.`, async () => {
        for (const result of [reportExample(), checkExample()]) {
          const { page, done } = await open(result, { viewport, colorScheme }, { logs: EXAMPLE_LOGS });
          for (const part of ["#verdict", "section:has(> #cause)", "section:has(> #fix)"]) {
            const box = await page.locator(part).boundingBox();
            assert.ok(box && box.y >= 0 && box.y + box.height <= viewport.height, `${part}: ${JSON.stringify(box)}`);
          }
          await unfold(page);
          assert.equal(await overflowPx(page), 0);
          assert.deepEqual(await faultsOf(page), []);
          assert.equal(await page.locator("svg.pic:visible").count(), 1);
          await done();
        }
      });
    }
  }

  it("says the same without losses, and without any run.", async () => {
    for (const result of [cleanExample(), probeExample()]) {
      const { page, done } = await open(result, { viewport: sizes[0]! });
      assert.equal(await overflowPx(page), 0);
      assert.deepEqual(await faultsOf(page), []);
      await done();
    }
  });

  it("saves the result as JSON, as it was, and one row for each request as CSV.", async () => {
    const result = reportExample();
    const { page, done } = await open(result);
    assert.deepEqual(JSON.parse(await saved(page, "Save result.json", "result.json")), result);
    const rows = (await saved(page, "Save the requests as CSV", "requests.csv")).trimEnd().split("\r\n");
    assert.equal(rows.length, 1 + result.runs.flatMap(({ samples }) => samples).length);
    assert.match(rows[0]!, /^"run","round","user","node","setGapMs","gapMs","inWindow","outcome"/);
    assert.match(rows[1]!, /^"before","2","1","n1",/);
    await done();
  });

  it("is reached by keyboard: the skip link first, then whatever scrolls or folds, both buttons; each shows its focus.", async () => {
    const { page, done } = await open(reportExample());
    const names: string[] = [];
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press("Tab");
      const focused = page.locator(":focus");
      if ((await focused.count()) === 0) break; // past the last one
      assert.notEqual(await focused.evaluate("(one) => getComputedStyle(one).outlineStyle"), "none");
      names.push((await focused.innerText()).slice(0, 30));
    }
    assert.equal(names[0], "Skip to the content");
    for (const name of ["Save result.json", "Save the requests as CSV"])
      assert.ok(names.includes(name), names.join(" | "));
    await done();
  });

  it("reads whole with JavaScript off; the buttons, which need it, are not there.", async () => {
    const { page, done } = await open(reportExample(), { javaScriptEnabled: false });
    assert.equal(await page.locator("button:visible").count(), 0);
    assert.equal(await page.locator("svg.pic:visible").count(), 1);
    assert.equal(await page.locator("#data").isVisible(), false);
    await done();
  });

  it("is black on white on paper, nothing folded, nothing cut off.", async () => {
    const { page, done } = await open(reportExample(), { colorScheme: "dark", viewport: { width: 720, height: 1000 } });
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    assert.equal(await page.evaluate("getComputedStyle(document.body).backgroundColor"), "rgb(255, 255, 255)");
    assert.deepEqual(await faultsOf(page), []);
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    assert.equal(await page.locator("details:not([open])").count(), 0);
    assert.equal(await overflowPx(page), 0);
    await done();
  });

  it("runs nothing and fetches nothing that a hostile server put into it.", async () => {
    const extras = { logs: { albLines: [EVIL], targetLines: [EVIL] }, k6Dashboards: ["javascript:alert(1)"] };
    const { page, done } = await open(hostile(reportExample()), {}, extras);
    assert.equal(await page.evaluate("window.pwned"), undefined);
    assert.equal(await page.locator("img").count(), 0);
    assert.deepEqual(await faultsOf(page), []);
    await done();
  });

  for (const viewport of sizes) {
    for (const colorScheme of ["light", "dark"] as const) {
      it(`shows a diagnosis at ${viewport.width}x${viewport.height}, ${colorScheme}: it does not scroll sideways, and all of it can be read.`, async () => {
        for (const diagnosis of [diagnosisExample(), fullDiagnosis(), cleanDiagnosis(), emptyDiagnosis()]) {
          const { page, done } = await openPage(diagnosisHtml(diagnosis, exampleTables()), { viewport, colorScheme });
          await unfold(page);
          assert.equal(await overflowPx(page), 0);
          assert.deepEqual(await faultsOf(page), []);
          assert.equal(await page.locator("svg.chart:visible").count(), diagnosis.errors.lb > 0 ? 3 : 0);
          await done();
        }
      });
    }
  }

  it("saves a diagnosis as it was, by keyboard too, and says the same on paper and without JavaScript.", async () => {
    const text = diagnosisHtml(diagnosisExample(), exampleTables());
    const { page, done } = await openPage(text, {});
    assert.deepEqual(JSON.parse(await saved(page, "Save diagnosis.json", "diagnosis.json")), diagnosisExample());
    await page.keyboard.press("Shift+Tab");
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    assert.deepEqual(await faultsOf(page), []);
    await done();
    const plain = await openPage(text, { javaScriptEnabled: false });
    assert.equal(await plain.page.locator("button:visible").count(), 0);
    assert.equal(await plain.page.locator("svg.chart:visible").count(), 3);
    await plain.done();
  });

  it("runs nothing and fetches nothing that a hostile log put into a diagnosis.", async () => {
    for (const evil of [EVIL, "</script><script>window.pwned = 1</script>", "::set-output name=x::y"]) {
      const { page, done } = await openPage(diagnosisHtml(hostileDiagnosis(evil), exampleTables(evil)), {});
      await unfold(page);
      assert.equal(await page.evaluate("window.pwned"), undefined);
      assert.equal(await page.locator("img").count(), 0);
      assert.equal(await overflowPx(page), 0);
      await done();
    }
  });

  it("leaves no formula in the requests that it saves for a spreadsheet.", async () => {
    const result = reportExample();
    const [first] = result.runs[0]!.samples;
    first!.requestId = "=cmd|' /C calc'!A0";
    const { page, done } = await open(result);
    const text = await saved(page, "Save the requests as CSV", "requests.csv");
    assert.ok(text.includes(`"'=cmd|' /C calc'!A0"`));
    assert.doesNotMatch(text, /(?:^|,)"[=+@]/m);
    await done();
  });
});

const unfold = (page: Page) =>
  page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");

const overflowPx = (page: Page): Promise<number> =>
  page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");

async function saved(page: Page, button: string, name: string): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: button }).click(),
  ]);
  assert.equal(download.suggestedFilename(), name);
  return readFileSync(await download.path(), "utf8");
}
