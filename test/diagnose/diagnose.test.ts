import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { lineOf } from "../alb-log/samples.ts";
import { diagnosisOf } from "./diagnosis-of.ts";

const GOOD = lineOf({ times: "0.000 0.003 0.000", status: "200", targetStatus: "200" });
const LOST = lineOf({ path: "/users/7?token=hush" });

test("Failures are counted by cause, target, hour and route, and quoted without their queries.", async () => {
  const later = lineOf({ time: "2026-11-20T11:59:59.000000Z", target: "10.0.0.2:3000", times: "0.001 4.000 -1" });
  const diagnosis = await diagnosisOf(text([GOOD, LOST, LOST, LOST, later]));
  assert.deepEqual(
    diagnosis.causes.map(({ kind, count, sure }) => [kind, count, sure]),
    [
      ["race", 3, "high"],
      ["closed", 1, "high"],
    ],
  );
  assert.deepEqual(diagnosis.targets.listed, [
    { name: "10.0.0.1:3000", requests: 4, failed: { race: 3 } },
    { name: "10.0.0.2:3000", requests: 1, failed: { closed: 1 } },
  ]);
  assert.deepEqual(diagnosis.hours.listed, [
    { name: "2026-11-20T10", requests: 4, failed: { race: 3 } },
    { name: "2026-11-20T11", requests: 1, failed: { closed: 1 } },
  ]);
  assert.deepEqual(diagnosis.routes.listed[0], { name: "/users/:n", requests: 3, failed: { race: 3 } });
  const [quote] = diagnosis.causes[0]!.quotes;
  assert.equal(quote!.line, 2);
  assert.match(quote!.text, /"GET https:\/\/shop\.example:443\/users\/7\?\.\.\. HTTP\/1\.1"/);
  assert.doesNotMatch(JSON.stringify(diagnosis), /hush/);
});

test("Plain and gzipped streams are told apart by their first bytes, and pieces of any size make the same lines.", async () => {
  const plain = Buffer.from([GOOD, LOST, GOOD, ""].join("\n"));
  // Two gzip members one after the other are one stream, as `cat a.gz b.gz` makes it.
  const gzipped = Buffer.concat([gzipSync(plain), gzipSync(LOST)]);
  for (const size of [1, 7, 1_000_000]) {
    const diagnosis = await diagnosisOf(pieces(plain, size), pieces(gzipped, size));
    assert.deepEqual(
      [diagnosis.input.requests, diagnosis.input.bytes, diagnosis.errors.lb],
      [7, 2 * plain.length + LOST.length, 3],
    );
  }
});

test("Malformed lines are counted, some are shown without their queries, and the rest is read.", async () => {
  const bad = Array.from({ length: 20 }, (_, i) => `garbage ${i} /?token=hush`);
  const diagnosis = await diagnosisOf(text([GOOD, ...bad, "", LOST]));
  assert.equal(diagnosis.input.malformed, 20);
  assert.equal(diagnosis.input.requests, 2);
  assert.equal(diagnosis.malformed.length, 5);
  assert.match(diagnosis.malformed[0]!.reason, /^3 fields, expected at least 17/);
  assert.equal(diagnosis.malformed[0]!.text, "garbage 0 /?...");
  assert.equal(diagnosis.verdict, "race", "a loss is a loss");
});

test("An empty log, an unreadable one and one with too many unreadable lines are inconclusive, never clean.", async () => {
  const verdictOf = async (lines: string[]) => (await diagnosisOf(text(lines))).verdict;
  assert.equal(await verdictOf([]), "inconclusive");
  assert.equal(await verdictOf(["garbage"]), "inconclusive");
  assert.equal(await verdictOf([GOOD, "garbage"]), "inconclusive");
  assert.equal(await verdictOf([...Array<string>(200).fill(GOOD), "garbage"]), "clean");
  assert.equal(await verdictOf([GOOD]), "clean");
});

test("A gzip file that was cut off is named, and what was before the cut counts.", async () => {
  const whole = gzipSync(text50k());
  const diagnosis = await diagnosisOf(pieces(whole.subarray(0, whole.length - 100), 1000), text([GOOD]));
  assert.deepEqual(diagnosis.input.broken, [{ file: "0.log", reason: "the gzip file is cut off" }]);
  assert.ok(diagnosis.input.requests > 1);
  assert.equal(diagnosis.verdict, "inconclusive");
});

test("A target's own 5xx are listed and are not the LB's fault: clean.", async () => {
  const own = lineOf({ times: "0.000 0.003 0.000", status: "500", targetStatus: "500" });
  const { verdict, errors, causes } = await diagnosisOf(text([GOOD, own]));
  assert.deepEqual([verdict, errors, causes[0]!.kind], ["clean", { all: 1, lb: 0 }, "own"]);
});

test("Failures in the last minute of a target that leaves are a deploy's; of one that stays they are not.", async () => {
  const at = (minute: number, second = 0) => new Date(Date.UTC(2026, 10, 20, 10, minute, second)).toISOString();
  const leaving = "10.0.0.9:3000";
  const good = { times: "0.000 0.003 0.000", status: "200", targetStatus: "200" };
  const minutes = Array.from({ length: 30 }, (_, minute) => minute);
  const both = minutes.flatMap((minute) => [
    lineOf({ ...good, time: at(minute) }),
    ...(minute < 10 ? [lineOf({ ...good, time: at(minute), target: leaving })] : []),
  ]);
  const ends = [1, 2, 3].map((second) => lineOf({ target: leaving, time: at(9, second) }));
  const stays = lineOf({ time: at(9, 30) });
  const { causes } = await diagnosisOf(text([...both, ...ends, stays]));
  assert.deepEqual(
    causes.map(({ kind, count }) => `${kind} ${count}`),
    ["deploy 3", "race 1"],
  );
  // The files of the LB's nodes come one after the other, not in the order of time.
  const shuffled = await diagnosisOf(text([...ends, ...both.reverse(), stays]));
  assert.deepEqual(
    shuffled.causes.map(({ kind, count }) => `${kind} ${count}`),
    ["deploy 3", "race 1"],
  );
});

test("Control characters do not reach the terminal, from lines, routes or garbage.", async () => {
  const diagnosis = await diagnosisOf(text([lineOf({ path: "/\x1b[2Jx" }), "\x1b[31mgarbage", GOOD]));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is the question
  assert.doesNotMatch(JSON.stringify(diagnosis), /\x1b|\\u001b/);
  assert.equal(diagnosis.routes.listed[0]!.name, "/ [2Jx");
  // Five of one rarely used route are named in the cause's reason, too.
  const five = Array.from({ length: 5 }, () => lineOf({ path: "/\x1b[2Jx" }));
  const { causes } = await diagnosisOf(text([...five, ...Array.from({ length: 6 }, () => GOOD)]));
  assert.match(causes[0]!.doubts.join(), /nearly all are \/ \[2Jx,/);
});

test("More routes and targets than are kept are counted together.", async () => {
  const words = Array.from({ length: 1500 }, (_, i) =>
    [...`${i}`].map((digit) => "abcdefghij"[Number(digit)]).join(""),
  );
  const { routes, targets } = await diagnosisOf(
    text(
      words.map((word, i) =>
        lineOf({ status: "504", times: "0.000 -1 -1", path: `/x${word}`, target: `10.1.${i >> 8}.${i & 255}:80` }),
      ),
    ),
  );
  for (const list of [routes, targets]) {
    assert.equal(list.listed.length, 100);
    assert.deepEqual(list.others, { requests: 1400, failed: { timeout: 1400 } });
  }
});

const text = (lines: string[]): Readable => Readable.from([Buffer.from(lines.map((line) => `${line}\n`).join(""))]);

/** Lines that do not compress to nothing. */
const text50k = (): string =>
  Array.from({ length: 2000 }, (_, i) => lineOf({ path: `/${Math.sin(i)}`, status: "200", targetStatus: "200" })).join(
    "\n",
  );

function pieces(bytes: Buffer, size: number): Readable {
  const all: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) all.push(bytes.subarray(at, at + size));
  return Readable.from(all);
}
