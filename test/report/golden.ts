import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Compares a text with test/report/golden/`name`.golden. After an intended change, rewrite them, and read the diff before
 * you commit it:
 *
 *     UPDATE_GOLDEN=1 npm test -- test/report
 */
export function assertGolden(name: string, actual: string): void {
  const file = join(import.meta.dirname, "golden", `${name}.golden`);
  if (process.env.UPDATE_GOLDEN === "1") {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, actual);
  }
  assert.ok(existsSync(file), `${file} is missing: UPDATE_GOLDEN=1 writes it`);
  const expected = readFileSync(file, "utf8");
  assert.ok(actual === expected, `${name} differs from its golden file at ${difference(actual, expected)}`);
}

function difference(actual: string, expected: string): string {
  const at = [...actual].findIndex((letter, i) => letter !== expected[i]);
  const place = at < 0 ? actual.length : at;
  const excerpt = (text: string) => JSON.stringify(text.slice(Math.max(0, place - 40), place + 60));
  return `character ${place}: ${excerpt(actual)}, expected ${excerpt(expected)}; UPDATE_GOLDEN=1 rewrites it`;
}
