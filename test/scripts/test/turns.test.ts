import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { inTurn, turnOf } from "../../../scripts/test/turns.ts";

const ROOT = join(import.meta.dirname, "../../..");

test("A file runs beside others, unless a line of its own says that it is alone or early, and why.", () => {
  assert.equal(turnOf('import { test } from "node:test";\n'), "any");
  assert.equal(turnOf('// npm test: alone, since it holds a close to 10 ms\nimport "a";\n'), "alone");
  assert.equal(turnOf("// npm test: early, since an ALB's minute passes\n"), "early");
  for (const wrong of ["// npm test: alone\n", "// npm test: alone, since \n", 'log("// npm test: alone, since x");'])
    assert.equal(turnOf(wrong), "any", wrong);
});

test("Each test file has its turn once, those that are early first.", async () => {
  const all = (await readdir(join(ROOT, "test"), { recursive: true }))
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => join("test", file))
    .sort();
  const { together, alone } = await inTurn(ROOT, all);
  assert.deepEqual([...together, ...alone].sort(), all);
  assert.ok(alone.includes("test/simulator/network.test.ts"));
  assert.ok(together.includes("test/verdict/judge.test.ts"));
});
