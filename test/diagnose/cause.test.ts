import assert from "node:assert/strict";
import { test } from "node:test";
import { readLine } from "../../src/alb-log/parse.ts";
import { createSplit } from "../../src/alb-log/split.ts";
import { causeOf } from "../../src/diagnose/cause.ts";
import { CLOSED, DOCUMENTED, lineOf } from "../alb-log/samples.ts";

test("AWS's documented lines: the answered ones are not failures, Lambda's failure is not a race.", () => {
  const { lambdaFailed, ...answered } = DOCUMENTED;
  for (const line of Object.values(answered)) assert.equal(verdict(line), null);
  assert.equal(verdict(lambdaFailed), "other high");
  assert.equal(verdict(CLOSED), "closed high", "AWS's own example of a close took 4.2 s");
});

test("Each form of a failed line has its cause.", () => {
  const verdicts: [Parameters<typeof lineOf>[0], string | null][] = [
    [{ times: "0.000 0.000 -1" }, "race high"], // as an ALB logged it, quoted in an article
    [{ times: "0.003 0.002 -1" }, "race high"],
    [{ times: "0.001 0.053 -1" }, "race medium"],
    [{ times: "0.001 0.400 -1" }, "closed medium"],
    [{ times: "0.001 12.000 -1" }, "closed high"],
    [{ times: "-1 -1 -1" }, "connect medium"],
    [{ times: "0.000 -1 -1" }, "connect low"],
    [{ times: "0.000 0.001 0.000" }, "other low"],
    [{ times: "0.000 -1 -1", status: "504" }, "timeout high"],
    [{ times: "-1 -1 -1", status: "504" }, "timeout high"],
    [{ times: "0.000 0.003 0.000", targetStatus: "502" }, "own high"],
    [{ times: "0.000 0.003 0.000", targetStatus: "200" }, "other medium"],
    [{ times: "0.000 0.003 0.000", status: "503", targetStatus: "503" }, "own high"],
    [{ times: "-1 -1 -1", status: "503", target: "-" }, "no-target high"],
    [{ times: "-1 -1 -1", status: "500", target: "-" }, "other low"],
    [{ times: "-1 -1 -1", status: "561", target: "-" }, "other low"],
    [{ times: "-1 -1 -1", status: "403", target: "-" }, null],
    [{ times: "0.000 -1 -1", status: "460" }, null],
  ];
  for (const [fields, expected] of verdicts) assert.equal(verdict(lineOf(fields)), expected, lineOf(fields));
});

function verdict(line: string): string | null {
  const split = createSplit();
  assert.equal(readLine(line, split), null);
  const cause = causeOf(line, split);
  return cause && `${cause.kind} ${cause.sure}`;
}
