// npm test: early, since containers take their time to stop
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { startApp } from "../command/check/target.ts";
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
