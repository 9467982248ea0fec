import assert from "node:assert/strict";
import { test } from "node:test";
import { counted } from "../../lab/counted.ts";
import { labExitCode } from "../../lab/exit-code.ts";
import { asExpected, type Measured } from "../../lab/experiment.ts";
import { EXPERIMENTS } from "../../lab/experiments/all.ts";
import { labJson } from "../../lab/folder.ts";
import { labHtml } from "../../lab/html.ts";
import { labMarkdown } from "../../lab/markdown.ts";
import { matrixTable } from "../../lab/matrix.ts";
import { labCommandLine } from "../../lab/options.ts";
import { connectionsOf } from "../../lab/price.ts";
import { LAB_SCHEMA, type LabArm, type LabResult } from "../../lab/record.ts";
import { sumUp } from "../../lab/words.ts";

test("Every experiment has a name of its own, arms whose names differ, and words for what the article says.", () => {
  const names = EXPERIMENTS.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  for (const { name, arms, says, source } of EXPERIMENTS) {
    assert.match(name, /^[a-z0-9-]+$/);
    assert.ok(says.endsWith(".") && source.length > 0, name);
    assert.equal(new Set(arms.map((arm) => arm.name)).size, arms.length, name);
  }
});

test("Each of the five articles has an experiment.", () => {
  for (const article of ["A", "B", "C", "D", "E"])
    assert.ok(
      EXPERIMENTS.some((experiment) => experiment.article === article),
      article,
    );
});

test("Lost takes 99 % of those that met a close, clean takes none, some takes one; nothing met is inconclusive.", () => {
  assert.equal(asExpected("lost", measured(99, 100)), true);
  assert.equal(asExpected("lost", measured(98, 100)), false);
  assert.equal(asExpected("clean", measured(0, 100)), true);
  assert.equal(asExpected("clean", measured(1, 100)), false);
  assert.equal(asExpected("clean", { ...measured(0, 7), verdict: "vulnerable" }), false);
  assert.equal(asExpected("some", measured(1, 100)), true);
  assert.equal(asExpected("some", measured(0, 100)), false);
  assert.equal(asExpected("vulnerable", { ...measured(0, 0), verdict: "vulnerable" }), true);
  assert.equal(asExpected("vulnerable", measured(0, 7)), false);
  for (const expect of ["lost", "clean", "some"] as const) {
    assert.equal(asExpected(expect, measured(0, 0)), null);
    assert.equal(asExpected(expect, { ...measured(5, 10), verdict: "inconclusive" }), null);
  }
});

test("Of traffic that is aimed at nothing, clean takes enough requests, and one that is lost is a loss of however many.", () => {
  assert.equal(counted({ attempts: 4999, lost: 0 }, 5000, "None.").verdict, "inconclusive");
  assert.equal(counted({ attempts: 5000, lost: 0 }, 5000, "None.").verdict, "clean");
  assert.deepEqual(counted({ attempts: 10, lost: 1 }, 5000, "One.").reasons, ["One."]);
  assert.equal(counted({ attempts: 10, lost: 1 }, 5000, "One.").verdict, "lost");
});

test("A fix's price counts the connections that requests were sent on, and none for a request that was sent on none.", () => {
  assert.equal(connectionsOf([{ sentOn: "41000" }, { sentOn: "41000" }, { sentOn: "41002" }, { sentOn: "0" }]), 2);
});

test("A name that is none is refused with the names that are; --all takes all.", () => {
  assert.throws(() => labCommandLine.parse(["uwsgi"]), /there is no experiment "uwsgi", expected one of k6-article/);
  assert.equal(labCommandLine.parse(["--all"])?.experiments.length, EXPERIMENTS.length);
  assert.deepEqual(labCommandLine.parse([])?.experiments, []);
});

test("What is not as expected is exit code 1, what is inconclusive 3.", () => {
  assert.equal(labExitCode(RESULT), 0);
  assert.equal(labExitCode(withArm({ asExpected: null })), 3);
  assert.equal(labExitCode(withArm({ asExpected: false })), 1);
  assert.equal(sumUp(RESULT), "1 experiment, 2 measurements: all as expected");
  assert.match(sumUp(withArm({ asExpected: false })), /1 not as expected/);
});

test("The page and the Markdown hold what was said and found, and no markup of a server's.", () => {
  const result = withArm({ asExpected: false, reasons: ["<script>alert(1)</script>|"] });
  const page = labHtml(result);
  assert.match(page, /NOT AS EXPECTED/);
  assert.doesNotMatch(page, /<script>/);
  assert.match(labMarkdown(result), /\\<script>/);
  assert.equal(JSON.parse(labJson(result)).schema, LAB_SCHEMA);
});

test("The matrix has one row a version, of its two measurements.", () => {
  const table = matrixTable(RESULT.experiments[0]!.arms);
  assert.equal(table.split("\n").length, 3);
  assert.match(table, /\| Node 20.20.2 \| 5 s \| 6.00 s \| 7 of 7 \| 0 of 7 \|/);
});

const measured = (lost: number, attempts: number): Measured => ({
  ...{ verdict: lost > 0 ? "lost" : "clean", attempts, lost, idleCloseMs: null, reasons: [], versions: {} },
});

const ARM: LabArm = {
  ...{ name: "Node 20", expect: "lost", asExpected: true, verdict: "lost", attempts: 7, lost: 7, idleCloseMs: 6000 },
  ...{ reasons: ["7 of 7 requests were lost."], versions: { target: "Node 20.20.2" }, more: { claims: "5 s" } },
};

const RESULT: LabResult = {
  ...{ schema: LAB_SCHEMA, startedAt: "2026-11-30T06:00:00.000Z", durationMs: 1000 },
  experiments: [
    {
      ...{ name: "node-versions", article: "B", source: "report B", says: "Five seconds.", correction: "Six." },
      arms: [ARM, { ...ARM, name: "Node 20, 65 s", expect: "clean", verdict: "clean", lost: 0, idleCloseMs: null }],
    },
  ],
};

const withArm = (changes: Partial<LabArm>): LabResult => ({
  ...RESULT,
  experiments: [{ ...RESULT.experiments[0]!, arms: [{ ...ARM, ...changes }] }],
});
