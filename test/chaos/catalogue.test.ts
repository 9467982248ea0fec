import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { catalogueOf, FAMILIES } from "./catalogue.ts";
import { chosen } from "./options.ts";
import { isWrong, truthOf } from "./oracle.ts";
import { randomOf } from "./random.ts";
import { tableOf } from "./table.ts";

const SEEDS = [0, 1, 13, 502];

test("There are at least 200 faults, each with a name of its own, whatever the seed.", () => {
  for (const seed of SEEDS) {
    const all = catalogueOf(seed);
    assert.ok(all.length >= 200, `${all.length}`);
    const names = all.map(({ family, fault }) => `${family}: ${fault.name}`);
    assert.deepEqual(
      names.filter((name, index) => names.indexOf(name) !== index),
      [],
    );
  }
});

test("The same seed gives the same faults under the same numbers, another one others.", () => {
  assert.deepEqual(catalogueOf(13), catalogueOf(13));
  assert.notDeepEqual(catalogueOf(13), catalogueOf(14));
});

test("No fault allows what would be wrong, and each allows something.", () => {
  for (const { family, fault } of catalogueOf(13)) {
    assert.deepEqual(
      fault.allowed.filter((outcome) => isWrong(outcome, truthOf(fault))),
      [],
      `${family}: ${fault.name}`,
    );
    assert.ok(fault.allowed.length > 0, fault.name);
  }
});

test("--only takes numbers and families, and refuses what is neither.", () => {
  const all = catalogueOf(13);
  assert.equal(chosen(all, { only: [] }).length, all.length);
  assert.deepEqual(
    chosen(all, { only: ["2", "network"] }).map(({ number, family }) => number === 2 || family === "network"),
    Array(1 + all.filter(({ family }) => family === "network").length).fill(true),
  );
  assert.throws(
    () => chosen(all, { only: ["nework"] }),
    /^UsageError: --only is "nework", expected a number from 1 to /,
  );
});

test("What is drawn comes again, lies between its ends, and a shuffle loses nothing.", () => {
  const draw = (seed: number) =>
    Array.from(
      { length: 200 },
      (
        (random) => () =>
          random.between(3, 5)
      )(randomOf(seed)),
    );
  assert.deepEqual(draw(1), draw(1));
  assert.deepEqual([...new Set(draw(1))].sort(), [3, 4, 5]);
  const list = Array.from({ length: 50 }, (_, index) => index);
  const shuffled = randomOf(1).shuffled(list);
  assert.notDeepEqual(shuffled, list);
  assert.deepEqual(
    shuffled.sort((a, b) => a - b),
    list,
  );
});

test("The table counts faults, findings and ends, a family a line.", () => {
  const end = (outcome: "lost" | "clean", findings: number) => ({
    outcome,
    findings: Array(findings).fill({ kind: "hang", what: "" }),
  });
  const table = tableOf([
    { family: "calm", judged: [end("lost", 0)], leftOut: null },
    { family: "calm", judged: [end("clean", 1), end("clean", 0)], leftOut: null },
    { family: "network", judged: [], leftOut: "no mounts" },
  ]);
  assert.deepEqual(table.split("\n"), [
    "family   faults  left out  findings  ended",
    "calm          2         0         1  2 clean, 1 lost",
    "network       0         1         0  ",
    "all           2         1         1  2 clean, 1 lost",
  ]);
});

test("docs/chaos.md names every family.", async () => {
  const docs = await readFile(join(import.meta.dirname, "../../docs/chaos.md"), "utf8");
  for (const { name, what } of FAMILIES) assert.ok(docs.includes(`| ${name} | ${what} |`), `| ${name} | ${what} |`);
});
