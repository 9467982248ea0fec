import assert from "node:assert/strict";
import { test } from "node:test";
import type { Result, ResultRun } from "../../src/record/result.ts";
import { pictureOf } from "../../src/report/picture/model.ts";
import { pictureSvg } from "../../src/report/picture/svg.ts";
import { pictureText } from "../../src/report/picture/text.ts";
import { notesOn } from "../../src/report/picture/words.ts";
import { markdownSummary } from "../../src/report/summary.ts";
import { assertGolden } from "./golden.ts";
import { checkExample, cleanExample, closeExample, probeExample, reportExample } from "./report-example.ts";

type Window = ResultRun["window"][number];

test("The picture of a demo, as SVG and as text.", () => {
  const picture = pictureOf(reportExample())!;
  assertGolden("picture.svg", pictureSvg(picture).text);
  assertGolden("picture.txt", `${pictureText(picture)}\n`);
});

test("The band is as wide as the measured round trip, about the middle of the window that was aimed at last.", () => {
  const { band, zero, shorterMs } = pictureOf(reportExample())!;
  assert.deepEqual(band, { fromMs: 0, toMs: 2.31 });
  assert.equal(zero.gapMs, 5998 - 2.31 / 2);
  assert.ok(Math.abs(shorterMs! - (6000.4 - zero.gapMs)) < 1e-9);
});

test("Aimed at the close, what met it has a row of its own, its band longer by the longest that a close was kept back.", () => {
  const { zero, rows } = pictureOf(closeExample())!;
  assert.deepEqual(zero, { gapMs: 6000.4, event: "server-closes", by: "door" });
  const seen = rows.map(({ run, aim, attempts, lost, band, heldMs }) => [run, aim, attempts, lost, band?.toMs, heldMs]);
  const heldMs = { median: 2.9, max: 4.1 };
  assert.deepEqual(seen, [
    ["before", "clock", 5, 1, 2.31, null],
    ["before", "close", 10, 9, 2.31 + 4.1, heldMs],
    ["after", "clock", 5, 0, 2.31, null],
    ["after", "close", 10, 0, 2.31, null],
  ]);
});

test("Where the LB closes first there is no band: the gaps lie before the LB's own idle timeout.", () => {
  const picture = pictureOf(cleanExample())!;
  assert.equal(picture.band, null);
  assert.equal(picture.zero.gapMs, 60_000);
  assertGolden("picture-clean.txt", `${pictureText(picture)}\n`);
  assert.doesNotMatch(pictureSvg(picture).text, /pic-band"|lost here/);
});

/** The kinds of the rounds' windows, where the axis has its zero, and whether there is a band. */
const places: [kinds: Window["kind"][], event: string, gapMs: number, hasBand: boolean][] = [
  [["last-reuse", "lb-idle", "late-close"], "lb-closes", 60_000, false],
  [["announced"], "answer", 0, false],
  [["at-once"], "answer", 0, true],
];
for (const [kinds, event, gapMs, hasBand] of places) {
  test(`Aimed at ${kinds.join(", ")}, the axis counts from ${event}, ${hasBand ? "with" : "without"} a band.`, () => {
    const result = cleanExample();
    const [window] = result.runs[0]!.window;
    result.runs[0]!.window = kinds.map((kind) => ({ ...window!, kind, source: "in words that nothing depends on" }));
    const { zero, band } = pictureOf(result)!;
    assert.deepEqual([zero, band !== null], [{ gapMs, event, by: "client" }, hasBand]);
  });
}

test("Without aimed requests nothing is drawn.", () => {
  assert.equal(pictureOf(probeExample()), null);
  const missed = checkExample();
  for (const sample of missed.runs[0]!.samples) sample.outcome = "missed";
  assert.equal(pictureOf(missed), null);
});

test("A request that was sent far too late is not drawn but told, with what became of it.", () => {
  const result = reportExample();
  result.runs[0]!.samples[0]!.gapMs = 6900;
  result.runs[0]!.samples[1]!.gapMs = 3;
  const picture = pictureOf(result)!;
  const [before] = picture.rows;
  assert.equal(notesOn(before!, picture).length, 1);
  assert.match(
    notesOn(before!, picture)[0]!,
    /^Not drawn: 1 earlier than \d\.\d{3} s, 1 of them lost; 1 later than 6\.\d{3} s, 1 of them lost\.$/,
  );
  assert.equal(before!.marks.length, result.runs[0]!.samples.length - 2);
});

test("Through a standing LB nobody knows the window, and answered requests have a mark of their own.", () => {
  const result = checkExample();
  for (const sample of result.runs[0]!.samples) if (sample.outcome === "own") sample.outcome = "answered";
  const picture = pictureOf(result)!;
  assert.equal(picture.band, null);
  assert.match(pictureText(picture), /a answered \(connection not known\)/);
});

/** Every count, from one request to more than fit a row, and every shape of a result. */
const results: [string, Result][] = [
  ["demo", reportExample()],
  ["demo aimed at the close", closeExample()],
  ["clean", cleanExample()],
  ["one request", withSamples(1)],
  ["500 requests", withSamples(500)],
];

for (const [name, result] of results) {
  test(`The text picture of ${name} is plain ASCII, at most 80 columns wide and not as high as a terminal.`, () => {
    const lines = pictureText(pictureOf(result)!).split("\n");
    for (const line of lines) assert.match(line, /^[\x20-\x7e]{0,80}$/);
    assert.ok(lines.length <= 24, `${lines.length} lines`);
  });

  test(`The SVG of ${name} draws every mark inside of it, wide and narrow.`, () => {
    for (const width of [340, 760]) {
      const svg = pictureSvg(pictureOf(result)!, { width }).text;
      assert.doesNotMatch(svg, /NaN|undefined|Infinity/);
      const height = Number(/viewBox="0 0 \d+ (\d+)/.exec(svg)![1]);
      assert.ok(height <= 560, `${height} px`);
      for (const [, x, y] of svg.matchAll(/M(-?[\d.]+) (-?[\d.]+)/g)) {
        assert.ok(Number(x) >= 0 && Number(x) <= width && Number(y) >= 0 && Number(y) <= height, `${x} ${y}`);
      }
    }
  });
}

test("On a phone no title and no note is wider than the picture.", () => {
  const svg = pictureSvg(pictureOf(closeExample())!, { width: 340 }).text;
  const texts = [...svg.matchAll(/<text class="pic-text( pic-small)?" x="16" y="[\d.]+">(.*?)<\/text>/g)];
  assert.ok(texts.length > 6, `${texts.length} texts`);
  for (const [, small, words] of texts) {
    const letters = words!.replace(/<[^>]*>/g, "").length;
    assert.ok(16 + letters * (small ? 6.2 : 6.8) <= 340, words);
  }
  assert.match(svg, />before the fix, at the close<\/tspan>: 9 of 10 lost</);
});

test("A run's name from a foreign file stays text, on one line.", () => {
  const result = checkExample();
  result.runs[0]!.name = "<script>\n`</svg>\u001b[31m";
  const picture = pictureOf(result)!;
  assert.doesNotMatch(pictureSvg(picture).text, /<script|<\/svg>./);
  assert.ok(!pictureText(picture).includes("\u001b"));
});

test("The summary links the file; GitHub's page, which has no files, gets the text as a block of code.", () => {
  const result = reportExample();
  assert.match(markdownSummary(result), /\n\n!\[[^\n\]]*\]\(picture\.svg\)\n\n/);
  const lines = markdownSummary(result, "text").split("\n");
  for (const line of pictureText(pictureOf(result)!).split("\n")) assert.ok(lines.includes(`    ${line}`), line);
  assert.doesNotMatch(markdownSummary(probeExample()), /picture/);
});

function withSamples(count: number): Result {
  const result = checkExample();
  const [run] = result.runs;
  const [sample] = run!.samples;
  run!.samples = Array.from({ length: count }, (_, i) => ({ ...sample!, gapMs: 5996 + ((i * 0.618) % 4) }));
  run!.attempts = count;
  return result;
}
