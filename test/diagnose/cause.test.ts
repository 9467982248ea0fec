import assert from "node:assert/strict";
import { test } from "node:test";
import { readLine } from "../../src/alb-log/parse.ts";
import { createSplit } from "../../src/alb-log/split.ts";
import { causeOf } from "../../src/diagnose/cause.ts";
import { CLOSED, DOCUMENTED, lineOf } from "../alb-log/samples.ts";

test("AWS's documented lines: the answered ones are not failures, Lambda's failure is not a race.", () => {
  const { lambdaFailed, ...answered } = DOCUMENTED;
  for (const line of Object.values(answered)) assert.equal(verdict(line), null);
  assert.equal(verdict(lambdaFailed), "lambda high");
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
    [{ times: "0.000 0.001 0.000" }, "bad-answer low"],
    [{ times: "0.000 -1 -1", status: "504" }, "timeout high"],
    [{ times: "0.000 0.003 0.000", targetStatus: "502" }, "own high"],
    [{ times: "0.000 0.003 0.000", targetStatus: "200" }, "bad-answer medium"],
    [{ times: "0.000 0.003 0.000", status: "503", targetStatus: "503" }, "own high"],
    [{ times: "-1 -1 -1", status: "503", target: "-" }, "no-target high"],
    [{ times: "-1 -1 -1", status: "500", target: "-" }, "other low"],
    [{ times: "-1 -1 -1", status: "561", target: "-" }, "authenticate high"],
    [{ times: "-1 -1 -1", status: "505", target: "-" }, "other low"],
    [{ times: "-1 -1 -1", status: "504", target: "-" }, "timeout medium"],
    [{ times: "-1 -1 -1", status: "403", target: "-" }, null],
    [{ times: "0.000 -1 -1", status: "460" }, null],
  ];
  for (const [fields, expected] of verdicts) assert.equal(verdict(lineOf(fields)), expected, lineOf(fields));
});

test("A rule that answers by itself is one on purpose, whatever its status, and so is nothing that it is not asked for.", () => {
  for (const status of ["500", "502", "503", "504", "599"])
    for (const actions of ["fixed-response", "waf,fixed-response", "authenticate,fixed-response"])
      assert.equal(verdict(withoutTarget({ status, actions })), "fixed-response high");
  assert.equal(verdict(withoutTarget({ status: "200", actions: "fixed-response" })), null);
  assert.equal(verdict(withoutTarget({ status: "503", actions: "forward" })), "no-target high");
  assert.equal(verdict(withoutTarget({ status: "503", actions: "waf,forward" })), "no-target high");
});

test("A login, a web ACL, a function and a redirect that fail are no failures of a target.", () => {
  const verdicts: [actions: string, reason: string, status: string, expected: string][] = [
    ["authenticate", "AuthInvalidIdToken", "500", "authenticate high"],
    ["authenticate", "-", "500", "authenticate high"],
    ["waf,authenticate", "-", "561", "authenticate high"],
    ["waf", "-", "502", "waf high"],
    ["waf-failed", "WAFConnectionTimeout", "500", "waf high"],
    ["waf-failed", "-", "500", "waf high"],
    ["forward", "LambdaUnhandled", "502", "lambda high"],
    ["redirect", "-", "507", "other high"],
    ["forward", "NewReason", "502", "other high"],
  ];
  for (const [actions, reason, status, expected] of verdicts)
    assert.equal(verdict(withoutTarget({ actions, reason, status })), expected, `${actions} ${reason}`);
  const passed = lineOf().replace('"forward"', '"waf,authenticate,forward"');
  assert.equal(verdict(passed), "race high", "they let it pass, and the target failed");
});

test("A 504 some 10 s after the request without a connection is one that could not be made; at any other time the target was silent.", () => {
  const took = (seconds: number, times = "-1 -1 -1") => {
    const created = new Date(Date.parse("2026-11-20T10:00:00Z") - seconds * 1000).toISOString();
    const line = lineOf({ times, status: "504" });
    return verdict(line.replace(' 0 2026-11-20T10:00:00.000000Z "forward"', ` 0 ${created} "forward"`));
  };
  for (const seconds of [9.9, 10, 10.001, 10.5]) assert.equal(took(seconds), "connect high", `${seconds}`);
  for (const seconds of [0, 4, 9, 12, 29, 60, 3600]) assert.equal(took(seconds), "timeout high", `${seconds}`);
  assert.equal(took(10, "0.000 -1 -1"), "timeout high", "it had the request, and the idle timeout is 10 s");
  assert.equal(
    verdict(lineOf({ times: "-1 -1 -1", status: "504" }).split(" 0 2026")[0]!),
    "timeout medium",
    "no time of it",
  );
});

/** A line of a request that no target was asked for. */
const withoutTarget = ({
  status,
  actions,
  reason = "-",
}: {
  status: string;
  actions: string;
  reason?: string;
}): string =>
  lineOf({ times: "-1 -1 -1", status, target: "-" }).replace('"forward" "-" "-"', `"${actions}" "-" "${reason}"`);

function verdict(line: string): string | null {
  const split = createSplit();
  assert.equal(readLine(line, split), null);
  const cause = causeOf(line, split);
  return cause && `${cause.kind} ${cause.sure}`;
}
