import assert from "node:assert/strict";
import { test } from "node:test";
import { createTraffic, MINUTE_MS } from "../../src/diagnose/traffic.ts";

const AT = Date.parse("2026-11-20T10:00:00Z");

test("Whole minutes are counted, the first and the last included.", () => {
  const traffic = createTraffic();
  for (const minute of [0, 0, 1, 3]) traffic.count(AT + minute * MINUTE_MS + 30_000);
  assert.equal(traffic.between(AT, AT), 2);
  assert.equal(traffic.between(AT + 59_999, AT + MINUTE_MS), 3);
  assert.equal(traffic.between(AT + 2 * MINUTE_MS, AT + 2 * MINUTE_MS), 0);
  assert.equal(traffic.between(AT + 2 * MINUTE_MS, Number.MAX_SAFE_INTEGER), 1);
  assert.equal(traffic.between(0, AT - 1), 0);
});

test("Requests between two times are counted right in whatever order they come.", () => {
  const times = Array.from({ length: 500 }, (_, i) => AT + ((i * 7_919_993) % (3 * 3_600_000)));
  const traffic = createTraffic();
  for (const time of times) traffic.count(time);
  const minuteOf = (ms: number) => Math.floor(ms / MINUTE_MS);
  for (let i = 1; i < times.length; i++) {
    const [from, to] = [times[i - 1]!, times[i]!].sort((a, b) => a - b) as [number, number];
    const inside = times.filter((ms) => minuteOf(ms) >= minuteOf(from) && minuteOf(ms) <= minuteOf(to));
    assert.equal(traffic.between(from, to), inside.length);
  }
});

test("Without requests, every count is 0.", () => {
  assert.equal(createTraffic().between(0, Number.MAX_SAFE_INTEGER), 0);
});
