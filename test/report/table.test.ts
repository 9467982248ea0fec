import assert from "node:assert/strict";
import { test } from "node:test";
import { percent } from "../../src/record/units.ts";
import { terminalTable } from "../../src/report/table.ts";
import { exampleResult, exampleRun } from "./example.ts";

test("The runs stand one below the other, numbers aligned to the right.", () => {
  assert.equal(
    terminalTable(exampleResult()),
    [
      "run     attempts  in window  lost there      loss rate (95 %)  lost in all  reused  fresh",
      "before        60         40          37  92.5 % (79.6-98.4 %)           38      11     11",
      "after         60         40           0         0 % (0-8.8 %)            0      60      0",
    ].join("\n"),
  );
});

test("What went wrong has a column only where it happened, and no aimed attempt means no rate.", () => {
  const run = exampleRun("check", {}, { own: 3, down: 2, missed: 4 });
  assert.deepEqual(
    terminalTable({ runs: [run] })
      .split("\n")
      .map((line) => line.split(/ {2,}/)),
    [
      [
        "run",
        "attempts",
        "in window",
        "lost there",
        "loss rate (95 %)",
        "lost in all",
        "reused",
        "fresh",
        "target down",
        "missed",
      ],
      ["check", "5", "0", "0", "-", "0", "3", "0", "2", "4"],
    ],
  );
});

test("A percentage keeps what matters: small ones two digits, and 100 only for all of them.", () => {
  assert.deepEqual([0, 0.000369, 0.088, 0.925, 0.9999, 1].map(percent), ["0", "0.037", "8.8", "92.5", "99.9", "100"]);
});
