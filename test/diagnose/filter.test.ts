import assert from "node:assert/strict";
import { test } from "node:test";
import { type Filter, wantedBy } from "../../src/diagnose/filter.ts";

const ALL: Filter = { fromMs: null, toMs: null, targets: [], routes: [] };

test("Without a filter there is nothing to ask for each request.", () => {
  assert.equal(wantedBy(ALL), null);
});

test("A span has its first moment in it and its last one not: spans that meet share no request.", () => {
  const wanted = wantedBy({ ...ALL, fromMs: 1000, toMs: 2000 })!;
  assert.deepEqual(
    [999, 1000, 1999, 2000].map((ms) => wanted(ms, "-", "/")),
    [false, true, true, false],
  );
  assert.ok(wantedBy({ ...ALL, fromMs: 1000 })!(9e15, "-", "/"));
});

test("A target is an address with a port, or with any port, and never the beginning of another.", () => {
  const wanted = (target: string, ...targets: string[]) => wantedBy({ ...ALL, targets })!(0, target, "/");
  assert.ok(wanted("10.0.0.1:80", "10.0.0.1:80"));
  assert.ok(wanted("10.0.0.1:80", "10.0.0.9", "10.0.0.1"));
  assert.ok(!wanted("10.0.0.1:8080", "10.0.0.1:80"));
  assert.ok(!wanted("10.0.0.11:80", "10.0.0.1"));
  assert.ok(wanted("-", "-"), "requests without a target");
});

test("A route is one that results show, a path of it, or the beginning of some.", () => {
  const wanted = (route: string, ...routes: string[]) => wantedBy({ ...ALL, routes })!(0, "-", route);
  assert.ok(wanted("/users/:n", "/users/:n"));
  assert.ok(wanted("/users/:n", "/users/123?token=hush"));
  assert.ok(wanted("/users/:n", "/users/*"));
  assert.ok(wanted("-", "-"));
  assert.ok(!wanted("/users/:n/orders", "/users/:n"));
  assert.ok(!wanted("/users", "/users/*"));
});

test("All that is asked for has to hold.", () => {
  const wanted = wantedBy({ fromMs: 0, toMs: 10, targets: ["a:1"], routes: ["/x"] })!;
  assert.ok(wanted(5, "a:1", "/x"));
  for (const [ms, target, route] of [
    [11, "a:1", "/x"],
    [5, "b:1", "/x"],
    [5, "a:1", "/y"],
  ] as const)
    assert.ok(!wanted(ms, target, route));
});
