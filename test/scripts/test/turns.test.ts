import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { inTurn, turnOf } from "../../../scripts/test/turns.ts";

const ROOT = join(import.meta.dirname, "../../..");

test("A file runs beside others, unless a line of its own says that it is early or needs quiet, and why.", () => {
  assert.equal(turnOf('import { test } from "node:test";\n'), "any");
  assert.equal(turnOf('// npm test: quiet, since it holds a close to 10 ms\nimport "a";\n'), "quiet");
  assert.equal(turnOf("// npm test: early, since an ALB's minute passes\n"), "early");
  for (const wrong of ["// npm test: quiet\n", "// npm test: quiet, since \n", 'log("// npm test: quiet, since x");'])
    assert.equal(turnOf(wrong), "any", wrong);
});

test("Each test file has its turn once, and those in containers do not begin together.", async () => {
  const all = (await readdir(join(ROOT, "test"), { recursive: true }))
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => join("test", file))
    .sort();
  const { early, any, quiet } = await inTurn(ROOT, all);
  assert.deepEqual([...early, ...any, ...quiet].sort(), all);
  assert.ok(quiet.includes("test/simulator/network.test.ts"));
  assert.ok(any.includes("test/verdict/judge.test.ts"));
  const inContainers = early.map((file) => file.startsWith("test/docker/"));
  assert.ok(
    inContainers.every((is, i) => !(is && inContainers[i + 1])),
    early.join(" "),
  );
});
