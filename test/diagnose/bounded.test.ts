import assert from "node:assert/strict";
import { test } from "node:test";
import { createBounded } from "../../src/diagnose/bounded.ts";

test("Keys up to the limit are told apart, later ones are counted together.", () => {
  const counts = counted(2, ["a", "b", "a", "c", "d", "b", "c"]);
  assert.deepEqual(counts.entries(), [
    ["a", { count: 2 }],
    ["b", { count: 2 }],
  ]);
  assert.deepEqual(counts.others(), { count: 3 });
});

test("Up to the limit of keys there are no others.", () => {
  assert.equal(counted(2, ["a", "b", "b"]).others(), null);
  assert.equal(counted(2, []).others(), null);
});

test("However many keys there are, no more than the limit is kept and nothing is lost.", () => {
  const keys = Array.from({ length: 5000 }, (_, i) => `key ${(i * i) % 997}`);
  for (const limit of [0, 1, 10, 1000]) {
    const counts = counted(limit, keys);
    const kept = counts.entries();
    assert.equal(kept.length, Math.min(limit, new Set(keys).size));
    const all = kept.reduce((sum, [, { count }]) => sum + count, counts.others()?.count ?? 0);
    assert.equal(all, keys.length);
  }
});

function counted(limit: number, keys: readonly string[]) {
  const bounded = createBounded(limit, () => ({ count: 0 }));
  for (const key of keys) bounded.get(key).count += 1;
  return bounded;
}
