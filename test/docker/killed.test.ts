// npm test: early, since containers take their time to stop
import assert from "node:assert/strict";
import { describe, it, test } from "node:test";
import { startApp } from "../command/check/target.ts";
import { portPair } from "../nothing-left.ts";
import { doctor, kill } from "../run/kill.ts";
import { dockerOrSkip } from "./engine.ts";
import { type InDocker, startInDocker } from "./start-in-docker.ts";

const skip = await dockerOrSkip();

const moments: [moment: string, come: (run: InDocker) => Promise<void>][] = [
  ["at once", (run) => run.file("owner.json")],
  ["while the images' programs are asked their version", (run) => run.makes("container")],
  ["while Compose makes the network", (run) => run.makes("network")],
  ["while Compose starts containers", (run) => run.makes("container", /^alb502-\S+-lb-1$/)],
  ["while k6 runs", (run) => run.printed(/^probing /m)],
];

// Two at a time, as in interrupt.test.ts. The longest first.
describe("Of a run in containers that was killed (kill -9) doctor removes all that is left", {
  skip,
  concurrency: 2,
}, () => {
  for (const [moment, come] of moments.toReversed()) {
    for (const command of ["demo", "check"]) {
      it(`${command}, ${moment}.`, async (t) => {
        const args = command === "demo" ? ["--nodes", "2", "--rounds", "1"] : [(await startApp(t, 2000)).url];
        const run = await startInDocker(t, args, { command });
        await come(run);
        const livedOnMs = await kill(run);
        const left = await run.made();
        const removed = await doctor(t, run.tmp);
        assert.match(removed ?? "", /^removed what a killed run had left: (\d+ \w+, )*1 folder$/);
        assert.deepEqual([await run.made(), await run.leftovers()], [[], []], `${left}, ${removed}`);
        t.diagnostic(
          `its processes ended ${livedOnMs.toFixed(0)} ms after it; ${left.length} things in Docker; ${removed}`,
        );
      });
    }
  }
});

test("Of an up that was killed the next one removes the LB that goes on answering, and gets its port.", {
  skip,
}, async (t) => {
  const { url } = await startApp(t, 65_000);
  const port = `${await portPair()}`;
  const killed = await startInDocker(t, [url, "--port", port], { command: "up" });
  await killed.printed(/Ctrl-C ends it\.$/m);
  await kill(killed);
  const next = await startInDocker(t, [url, "--port", port], { command: "up", env: { TMPDIR: killed.tmp } });
  await next.printed(/^removed what a killed run had left: \d+ containers, 1 network, 1 folder$/m);
  await next.printed(/Ctrl-C ends it\.$/m);
  assert.equal((await fetch(`http://127.0.0.1:${port}/`)).status, 200);
  process.kill(next.pid, "SIGINT");
  assert.equal((await next.ended).code, 130);
  assert.deepEqual([await killed.made(), await killed.leftovers()], [[], []]);
});

test("The next run removes it too; a run that goes on beside is left alone.", { skip }, async (t) => {
  const { url } = await startApp(t, 65_000);
  const port = await portPair();
  const beside = await startInDocker(t, [url, "--port", `${port}`], { command: "up" });
  await beside.printed(/Ctrl-C ends it\.$/m);
  const itsOwn = async () => ({
    made: await beside.made(),
    folders: await beside.leftovers(),
    answers: (await fetch(`http://127.0.0.1:${port}/`)).status,
  });
  const before = await itsOwn();

  const killed = await startInDocker(t, ["--nodes", "2"]);
  await killed.printed(/^probing /m);
  await kill(killed);
  assert.notDeepEqual(await killed.made(), []);
  const next = await startInDocker(t, ["--nodes", "2"]);
  await next.printed(/^removed what a killed run had left: \d+ containers, 2 networks$/m);
  assert.deepEqual(await killed.made(), []);
  assert.deepEqual(await itsOwn(), before);

  for (const run of [next, beside]) process.kill(run.pid, "SIGINT");
  assert.equal((await next.endedCleanly()).code, 130);
  const { code, stdout } = await beside.endedCleanly();
  assert.deepEqual([code, before.answers], [130, 200]);
  assert.match(stdout, /^2 requests, 0 lost/m);
});
