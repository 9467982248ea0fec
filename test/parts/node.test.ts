import assert from "node:assert/strict";
import { test } from "node:test";
import { installNode, NODES, nodeVersion } from "../../src/parts/node.ts";
import { UsageError } from "../../src/run/exit.ts";

test("A Node is named by its major, its minor or its whole version, and any other name is refused with those that are.", () => {
  for (const [name, version] of Object.entries(NODES)) {
    assert.ok(version.startsWith(`${name}.`), `${name}: ${version}`);
    assert.deepEqual([nodeVersion(name), nodeVersion(version)], [version, version]);
  }
  for (const name of ["19", "", "latest", "toString", "20.20"])
    assert.throws(
      () => nodeVersion(name),
      (error) => error instanceof UsageError && /, expected one of 8, /.test(error.message),
      name,
    );
});

const own = Object.values(NODES).includes(process.versions.node) ? false : "this Node is none of those with a name";

test("The Node that runs this is not fetched.", { skip: own }, async () => {
  const run = { progress: { line: assert.fail, transient: assert.fail }, signal: new AbortController().signal };
  assert.equal((await installNode(run as never, process.versions.node)).path, process.execPath);
});
