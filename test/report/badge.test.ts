import assert from "node:assert/strict";
import { test } from "node:test";
import type { Result } from "../../src/record/result.ts";
import { badgeJson } from "../../src/report/badge.ts";
import { exampleResult } from "./example.ts";

test("A badge has shields.io's fields, is green for what is expected, and grey where nothing was shown.", () => {
  const of = (verdict: Result["verdict"], expect = "clean") =>
    JSON.parse(badgeJson({ ...exampleResult(), command: "check", verdict, settings: { expect } }));
  assert.deepEqual(of("clean"), { schemaVersion: 1, label: "ALB 502", message: "clean", color: "brightgreen" });
  assert.equal(of("lost").color, "red");
  assert.equal(of("lost", "lost").color, "brightgreen");
  assert.equal(of("vulnerable").color, "red");
  assert.equal(of("inconclusive").color, "lightgrey");
});
