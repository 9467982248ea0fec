import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";

const MODULE = new URL("../../src/run/abort-after.ts", import.meta.url).href;

/** Only the abort itself may be held by its listener: the collector has 20 chances to take what nothing else holds. */
const COLLECTED = `
  const { abortAfter } = await import(${JSON.stringify(MODULE)});
  const aborted = new Promise((resolve) =>
    abortAfter(200, new AbortController().signal).addEventListener("abort", () => resolve("aborted")));
  const never = new Promise((resolve) => setTimeout(resolve, 2000, "never"));
  const collecting = setInterval(() => globalThis.gc(), 10);
  console.log(await Promise.race([aborted, never]));
  clearInterval(collecting);
  process.exit();
`;

describe("An abort after a time", () => {
  it("comes also when the garbage collector went by before it.", () => {
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ["--expose-gc", "--import", "tsx", "--input-type=module", "--eval", COLLECTED],
      { encoding: "utf8" },
    );
    assert.equal(stdout.trim(), "aborted", stderr);
  });
});
