import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { before, test } from "node:test";
import { madeLog, TRUTHS, type Truth } from "../../bench/diagnose/made-log.ts";
import { KINDS, type Kind } from "../../src/diagnose/cause.ts";
import type { Diagnosis } from "../../src/diagnose/diagnosis.ts";
import { diagnosisOf } from "./diagnosis-of.ts";

// 100 000 requests: some 50 of the rarest cause that still gives a share, and 15 at each leaving target's end.
const REQUESTS = 100_000;

let diagnosis: Diagnosis;
const truths = new Map<Truth, number>();
before(async () => {
  const lines = function* () {
    for (const { truth, line } of madeLog({ requests: REQUESTS })) {
      truths.set(truth, (truths.get(truth) ?? 0) + 1);
      yield Buffer.from(`${line}\n`);
    }
  };
  diagnosis = await diagnosisOf(Readable.from(lines()));
});

const CERTAIN = ["timeout", "no-target", "fixed-response", "authenticate", "waf", "lambda", "own", "other"] as const;

/** How many of the truth's lines got this verdict: each truth has a route of its own. */
function verdicts(truth: Truth, kind: Kind): number {
  const name = `/${truth.replaceAll(/[^a-z]+/g, "-")}/:n`;
  return diagnosis.routes.listed.find((route) => route.name === name)?.failed[kind] ?? 0;
}

const share = (truth: Truth, kind: Kind): number => verdicts(truth, kind) / truths.get(truth)!;

test("In a made log with all causes each is found, and nothing but 5xx.", () => {
  assert.equal(diagnosis.input.requests, REQUESTS);
  assert.equal(diagnosis.errors.all, REQUESTS - truths.get("good")!);
  assert.equal(share("race", "race") + share("race", "deploy"), 1);
  assert.ok(share("race", "race") > 0.95, `${share("race", "race")}`);
  for (const truth of CERTAIN) assert.equal(share(truth, truth), 1, truth);
  assert.equal(share("connect, given up after 10 s", "connect"), 1);
  for (const truth of ["dead target", "answer too large"] as const) assert.equal(share(truth, "bad-answer"), 1, truth);
  assert.equal(share("restart in place", "deploy"), 1);
  for (const truth of ["connect", "deploy"] as const) assert.ok(share(truth, truth) > 0.95, truth);
  assert.ok(share("closed", "closed") > 0.8, "what crashes within 100 ms looks like a race");
});

test("Nine in ten of those called a race are one.", () => {
  const called = TRUTHS.reduce((sum, truth) => sum + verdicts(truth, "race"), 0);
  assert.ok(verdicts("race", "race") / called > 0.9, `${verdicts("race", "race")} of ${called}`);
});

test("docs/diagnose.md shows this very table.", async (t) => {
  const rows = TRUTHS.map((truth) => [truth, ...KINDS.map((kind) => `${verdicts(truth, kind) || ""}`)]);
  const table = [["truth", ...KINDS], ["---", ...KINDS.map(() => "---:")], ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`.replaceAll("|  |", "| |").replaceAll("|  |", "| |"))
    .join("\n");
  t.diagnostic(`\n${table}`);
  const docs = await readFile(join(import.meta.dirname, "../../docs/diagnose.md"), "utf8");
  assert.ok(docs.includes(table), `put it there:\n${table}`);
});
