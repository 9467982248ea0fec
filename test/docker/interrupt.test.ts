// npm test: early, since containers take their time to stop
import assert from "node:assert/strict";
import { describe, it, test } from "node:test";
import { startApp } from "../command/check/target.ts";
import { oneLine } from "../nothing-left.ts";
import { docker } from "./docker.ts";
import { dockerOrSkip } from "./engine.ts";
import { type InDocker, startInDocker } from "./start-in-docker.ts";

const skip = await dockerOrSkip();

/** Short runs: two nodes and one round are too few for a verdict, and enough to test stopping. */
const short = ["--nodes", "2", "--rounds", "1"];

const moments: [moment: string, come: (demo: InDocker) => Promise<void>][] = [
  ["at once", (demo) => demo.file("")],
  // From the first container on, which tells its version: the client is then between making and starting the others.
  ["while the images' programs are asked their version", (demo) => demo.makes("container")],
  ["while Compose makes the networks", (demo) => demo.makes("network")],
  ["while Compose starts containers", (demo) => demo.makes("container", /^alb502-\S+-lb-1$/)],
  ["while the network is measured", (demo) => demo.printed(/^before: /m)],
  ["while k6 runs", (demo) => demo.printed(/^probing /m)],
];

// Two at a time: each has two stages of three containers.
describe("A demo in containers that is interrupted ends with 130 and leaves nothing", { skip, concurrency: 2 }, () => {
  for (const [moment, come] of moments) {
    it(moment, async (t) => {
      const demo = await startInDocker(t, short);
      await come(demo);
      const sentMs = performance.now();
      process.kill(demo.pid, "SIGINT");
      const { code, stdout, stderr, atMs } = await demo.endedCleanly();
      assert.equal(code, 130, stdout + stderr);
      assert.equal(stderr, "");
      // About 1 s where nothing else runs. A container has 2 s to stop, and here another demo's six start meanwhile.
      assert.ok(atMs - sentMs < 10_000, `${atMs - sentMs} ms`);
    });
  }
});

test("A check through an LB that stands somewhere, whose k6 is no part of a project, leaves nothing either.", {
  skip,
}, async (t) => {
  const { url } = await startApp(t, 65_000);
  const check = await startInDocker(t, [url, "--through", url, "--yes"], { command: "check" });
  await check.printed(/^probing /m);
  assert.match((await check.made()).join(), /^container alb502-\S+-k6 $/);
  process.kill(check.pid, "SIGINT");
  const { code, stdout, stderr } = await check.endedCleanly();
  assert.equal(code, 130, stdout + stderr);
});

test("A container that dies in the middle ends the demo with 3 and a line that names it, and nothing is left.", {
  skip,
}, async (t) => {
  const demo = await startInDocker(t, short);
  await demo.printed(/^probing /m);
  const lb = (await demo.made()).map((line) => line.split(" ")[1]!).find((name) => /-before-lb-1$/.test(name));
  assert.ok(lb, "the LB's container");
  assert.equal((await docker(["kill", lb])).code, 0);
  const ended = await demo.endedCleanly();
  assert.equal(ended.code, 3);
  assert.match(oneLine(ended), /^alb502: HAProxy exited unexpectedly \(exit code 137\): /);
});
