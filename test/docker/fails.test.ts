// npm test: early, since containers take their time to stop
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { describe, it, type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { oneLine } from "../nothing-left.ts";
import { scratchFolder } from "../parts/scratch.ts";
import { FAILS_ON_SIGUSR2, noFullDisk, TO_A_FULL_DISK } from "../run/fail.ts";
import { docker } from "./docker.ts";
import { dockerOrSkip } from "./engine.ts";
import { type InDocker, startInDocker } from "./start-in-docker.ts";

const skip = await dockerOrSkip();
const short = ["--nodes", "2", "--rounds", "1"];

const moments: [moment: string, come: (demo: InDocker) => Promise<void>][] = [
  ["while k6 runs", (demo) => demo.printed(/^probing /m)],
  ["while Compose starts containers", (demo) => demo.makes("container", /^alb502-\S+-lb-1$/)],
];

describe("A run in containers removes them before it ends with 2", { skip, concurrency: 2 }, () => {
  for (const [moment, come] of moments) {
    it(`when an error of its own code comes ${moment}.`, async (t) => {
      const demo = await startInDocker(t, short, { env: FAILS_ON_SIGUSR2 });
      await come(demo);
      process.kill(demo.pid, "SIGUSR2");
      const { code, stderr } = await demo.endedCleanly();
      assert.equal(code, 2);
      assert.match(stderr, /Error: on purpose\n +at /);
    });
  }

  it("when standard output cannot be written.", { skip: noFullDisk }, async (t) => {
    const demo = await startInDocker(t, short, { wrap: TO_A_FULL_DISK });
    const ended = await demo.endedCleanly();
    assert.equal(ended.code, 2);
    assert.match(oneLine(ended), /^alb502: the output could not be written \(ENOSPC\): make room for it$/);
  });
});

test("Where the engine hangs, a second Ctrl-C ends the run within 10 s; its line removes what is left.", {
  skip,
}, async (t) => {
  const engine = await engineThatHangs(t);
  const demo = await startInDocker(t, short, { env: { DOCKER_HOST: engine.host } });
  await demo.printed(/^probing /m);
  engine.hang();
  process.kill(demo.pid, "SIGINT");
  await demo.printed(/^SIGINT: stopping what was started$/m);
  await delay(1000);
  const againMs = performance.now();
  process.kill(demo.pid, "SIGINT");
  await demo.printed(/^SIGINT: still stopping, for 10 s at most$/m);
  const ended = await demo.ended;
  assert.equal(ended.code, 130);
  assert.ok(ended.atMs - againMs < 12_000, `${ended.atMs - againMs} ms`);
  assert.deepEqual(await demo.leftovers(), []);
  assert.notDeepEqual(await demo.made(), []);

  const line = oneLine(ended);
  assert.match(
    line,
    /left: Docker project alb502-\S+-(before|after), Docker project alb502-\S+-(before|after)\. To remove/,
  );
  await promisify(execFile)("sh", ["-c", line.split("To remove it: ")[1]!]);
  assert.deepEqual(await demo.made(), []);
  assert.deepEqual(await demo.living(), []);
});

/** The real engine, behind a socket that passes nothing on once it hangs. */
async function engineThatHangs(t: TestContext): Promise<{ host: string; hang(): void }> {
  const { stdout } = await docker(["context", "inspect", "-f", "{{.Endpoints.docker.Host}}"]);
  const path = (process.env.DOCKER_HOST || stdout.trim()).replace("unix://", "");
  const socket = join(await scratchFolder(t), "engine.sock");
  const open = new Set<Socket>();
  let hangs = false;
  const server = createServer({ allowHalfOpen: true }, (near) => {
    open.add(near.on("error", () => {}));
    if (hangs) return;
    const far = connect({ path, allowHalfOpen: true });
    open.add(far.on("error", () => {}));
    near.pipe(far);
    far.pipe(near);
  }).listen(socket);
  await once(server, "listening");
  t.after(() => {
    for (const one of open) one.destroy();
    server.close();
  });
  return {
    host: `unix://${socket}`,
    hang() {
      hangs = true;
      for (const one of open) one.unpipe().pause();
    },
  };
}
