import assert from "node:assert/strict";
import { test } from "node:test";
import { readLine } from "../../src/alb-log/parse.ts";
import { createSplit } from "../../src/alb-log/split.ts";
import { causeOf } from "../../src/diagnose/cause.ts";
import { routeOf } from "../../src/diagnose/route.ts";
import { CLOSED, DOCUMENTED, lineOf } from "../alb-log/samples.ts";

test("AWS's documented lines: the answered ones are no failures, Lambda's failure is no race.", () => {
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

test("Paths are folded to routes: ids go, words stay, queries never show.", () => {
  const routes = {
    "/": "/",
    "/users/123/orders?token=hush": "/users/:n/orders",
    "/v2/oauth2/login;jsessionid=hush": "/v2/oauth2/login",
    "/u/123e4567-e89b-12d3-a456-426614174000": "/u/:uuid",
    "/blob/d41d8cd98f00b204e9800998ecf8427e": "/blob/:hex",
    "/t/eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9": "/t/:id",
    "/static/main.js": "/static/main.js",
  };
  for (const [path, route] of Object.entries(routes)) assert.equal(routeOf(`GET https://h:443${path} HTTP/1.1`), route);
  assert.equal(routeOf("GET http://example.com:80 HTTP/1.1"), "/");
  assert.equal(routeOf("- - -"), "-");
});

function verdict(line: string): string | null {
  const split = createSplit();
  assert.equal(readLine(line, split), null);
  const cause = causeOf(line, split);
  return cause && `${cause.kind} ${cause.sure}`;
}
