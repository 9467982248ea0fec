import assert from "node:assert/strict";
import { test } from "node:test";
import { cloudWatchTable, cloudWatchView } from "../../src/alb-log/cloudwatch.ts";
import { entryOf } from "./samples.ts";

test("In a race the LB's 502s rise; the target's 5xx and connection errors stay flat.", () => {
  const good = entryOf({ times: "0.000 0.003 0.000", status: "200", targetStatus: "200" });
  const view = cloudWatchView([good, entryOf(), entryOf(), good]);
  const values = Object.fromEntries(view.map(({ metric, value }) => [metric, value]));
  assert.equal(values.HTTPCode_ELB_502_Count, 2);
  assert.equal(values.HTTPCode_ELB_5XX_Count, 2);
  assert.equal(values.HTTPCode_Target_2XX_Count, 2);
  assert.equal(values.HTTPCode_Target_5XX_Count, 0);
  assert.equal(values.TargetConnectionErrorCount, 0);
  assert.equal(values.RequestCount, 4);
  assert.equal(values.TargetResponseTime, 0.003);
  assert.equal(values.UnHealthyHostCount, null, "no log tells it");
  assert.match(cloudWatchTable(view), /^\| HTTPCode_ELB_502_Count \| 2 \| rises: /m);
  assert.match(cloudWatchTable(view), /^\| TargetConnectionErrorCount \| 0 \| flat: /m);
});

test("A target's own errors, connect failures and missing targets raise other metrics.", () => {
  const view = cloudWatchView([
    entryOf({ times: "0.000 0.003 0.000", status: "502", targetStatus: "502" }),
    entryOf({ times: "-1 -1 -1" }),
    entryOf({ times: "-1 -1 -1", status: "503", target: "-" }),
  ]);
  const values = Object.fromEntries(view.map(({ metric, value }) => [metric, value]));
  assert.equal(values.HTTPCode_ELB_502_Count, 1);
  assert.equal(values.HTTPCode_ELB_503_Count, 1);
  assert.equal(values.HTTPCode_Target_5XX_Count, 1);
  assert.equal(values.TargetConnectionErrorCount, 1);
  assert.equal(values.RequestCount, 2);
});
