import assert from "node:assert/strict";
import { test } from "node:test";
import { createErrors } from "../../src/diagnose/errors.ts";
import { lineOf } from "../alb-log/samples.ts";

test("A 5xx is a row with its cause, target, route and times, without the query and without the client.", () => {
  assert.deepEqual(one(lineOf({ path: "/users/7;jsessionid=hush?token=hush hush" })), {
    kind: "race",
    sure: "high",
    time: "2026-11-20T10:00:00.000000Z",
    elbStatus: "502",
    targetStatus: "",
    target: "10.0.0.1:3000",
    method: "GET",
    route: "/users/:n",
    times: ["0.000", "0.002", "-1"],
    reason: "",
  });
});

test("What is no 5xx, no line of such a log or empty is no row; what was cut off is one as far as it goes.", () => {
  for (const line of [
    "",
    "\r",
    "garbage",
    lineOf({ status: "200", targetStatus: "200" }),
    lineOf({ time: "2026-13-40T99:00:00Z" }),
  ])
    assert.equal(one(line), null, line);
  const line = lineOf();
  const cut = one(line.slice(0, line.indexOf('"') + 8));
  assert.deepEqual([cut?.kind, cut?.elbStatus, cut?.route], ["race", "502", ""]);
});

test("Only what is wanted is a row.", () => {
  const errorsIn = createErrors((_, target) => target === "10.0.0.2:3000");
  assert.deepEqual(errorsIn(lineOf(), "a.log"), []);
  assert.equal(errorsIn(lineOf({ target: "10.0.0.2:3000" }), "a.log")[0]?.target, "10.0.0.2:3000");
});

test("No control character of a line comes into a row.", () => {
  const hostile = "/\u001b[31m\u0007a\tb";
  const error = one(lineOf({ path: hostile }));
  assert.doesNotMatch(JSON.stringify(error), /\\u00|\\t/);
});

test("A line in another form is a row, too: behind grep's prefix, and two in one line of JSON.", () => {
  assert.equal(one(`logs/a.log.gz:${lineOf()}`)?.kind, "race");
  const entry = { type: "https", time: "2026-11-20T10:00:00.000000Z", elb: "app/lb/1", elb_status_code: "502" };
  const times = { request_processing_time: 0, target_processing_time: 0.002, response_processing_time: -1 };
  const json = {
    ...entry,
    ...times,
    target_status_code: "-",
    "target:port": "10.0.0.1:80",
    request: "GET http://h:80/ HTTP/1.1",
  };
  assert.deepEqual(
    createErrors()(JSON.stringify([json, json]), "a.json").map(({ kind }) => kind),
    ["race", "race"],
  );
});

const one = (line: string) => createErrors()(line, "a.log")[0] ?? null;
