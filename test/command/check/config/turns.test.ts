import assert from "node:assert/strict";
import { test } from "node:test";
import { targetsOf } from "../../../../src/command/check/config/targets.ts";
import { turnsOf } from "../../../../src/command/check/config/turns.ts";

test("Targets at a port where one of them starts an app take one turn, all others one each.", () => {
  const start = { command: "npm start" };
  const targets = [
    { name: "slow", url: "3000/slow", start },
    { name: "web", url: "4000" },
    { name: "fast", url: "http://127.0.0.1:3000/fast", start },
    { name: "web-too", url: "4000/too" },
  ];
  const read = targetsOf({ targets }, { file: "/project/alb502.config.json", picked: [], out: null }, {});
  assert.deepEqual(turnsOf(read), [[0, 2], [1], [3]]);
});
