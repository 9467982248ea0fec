import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { it } from "node:test";
import { startApp } from "../command/check/target.ts";
import { livingWith } from "../living.ts";
import { needs } from "../needs.ts";
import { endedCleanly, portPair } from "../nothing-left.ts";
import { scratchFolder } from "../parts/scratch.ts";
import { type RunningCommand, startCommand } from "../start-command.ts";
import { doctor, kill, NO_DOCKER } from "./kill.ts";

const { describe, test } = await needs("haproxy", "k6", "toxiproxy");

type Moment = [moment: string, come: (demo: RunningCommand) => Promise<void>];

const moments: Record<"demo" | "check", Moment[]> = {
  demo: [
    ["set-up, before anything is bundled", (demo) => demo.file("owner.json")],
    ["set-up, when the target app is bundled", (demo) => demo.file("target-app.cjs")],
    ["the start of HAProxy", (demo) => demo.file("after/pool.sock")],
    ["the idle wait", (demo) => demo.printed(/^probing /m)],
    ["the second idle wait, just after firing", (demo) => demo.printed(/^round 1 of 2: /m)],
  ],
  check: [
    ["set-up, before anything is bundled", (check) => check.file("owner.json")],
    ["set-up, when the scenarios are bundled", (check) => check.file("aimed.js")],
    ["the start of HAProxy", (check) => check.file("check/pool.sock")],
    ["the idle wait", (check) => check.printed(/^probing /m)],
    ["the second idle wait, just after firing", (check) => check.printed(/^round 1 /m)],
  ],
};

// As many at a time as interrupt.test.ts has, and the longest first.
describe("Of a run that was killed (kill -9) no process is left, and doctor removes its folder", {
  concurrency: 4,
}, () => {
  for (const command of ["demo", "check"] as const) {
    for (const [moment, come] of moments[command].toReversed()) {
      it(`${command}, during ${moment}.`, async (t) => {
        const args = command === "demo" ? ["--nodes", "2", "--rounds", "2"] : [(await startApp(t, 2000)).url];
        const run = await startCommand(t, command, args);
        await come(run);
        const livedOnMs = await kill(run);
        assert.equal(await doctor(t, run.tmp, NO_DOCKER), "removed what a killed run had left: 1 folder");
        assert.deepEqual(await run.leftovers(), []);
        t.diagnostic(`its processes ended ${livedOnMs.toFixed(0)} ms after it`);
      });
    }
  }
});

test("Of an up that was killed no LB answers, and the next one gets its port.", async (t) => {
  const { url } = await startApp(t, 65_000);
  const port = `${await portPair()}`;
  const killed = await startCommand(t, "up", [url, "--port", port]);
  await killed.printed(/Ctrl-C ends it\.$/m);
  await kill(killed);
  await assert.rejects(fetch(`http://127.0.0.1:${port}/`));
  const next = await startCommand(t, "up", [url, "--port", port], { env: { ...NO_DOCKER, TMPDIR: killed.tmp } });
  await next.printed(/^removed what a killed run had left: 1 folder$/m);
  await next.printed(/Ctrl-C ends it\.$/m);
  assert.equal((await fetch(`http://127.0.0.1:${port}/`)).status, 200);
  process.kill(next.pid, "SIGINT");
  assert.equal((await endedCleanly(next)).code, 130);
  assert.deepEqual(await killed.leftovers(), []);
});

test("A capture ends with the check that was killed, and doctor removes its packets.", async (t) => {
  const { url } = await startApp(t, 65_000);
  const out = join(await scratchFolder(t), "out");
  const killed = await startCommand(t, "check", [url, "--out", out]);
  await killed.printed(/^probing /m);
  if (!(await killed.living()).some(({ command }) => command.includes("dumpcap"))) {
    process.kill(killed.pid, "SIGINT");
    await killed.ended;
    return t.skip("nothing can be captured here");
  }
  await kill(killed);
  assert.equal(await doctor(t, killed.tmp, NO_DOCKER), "removed what a killed run had left: 1 folder");
  assert.deepEqual([await killed.leftovers(), await readdir(out)], [[], []]);
});

test("The next run removes it too, and says so in one line.", async (t) => {
  const killed = await startCommand(t, "demo", ["--nodes", "2", "--rounds", "2"]);
  await killed.printed(/^before: /m);
  await kill(killed);
  const [folder] = await killed.leftovers();
  const next = await startCommand(t, "demo", ["--nodes", "2", "--rounds", "2"], {
    env: { ...NO_DOCKER, TMPDIR: killed.tmp },
  });
  await next.printed(/^removed what a killed run had left: 1 folder$/m);
  await next.printed(/^before: /m);
  assert.ok(!(await readdir(killed.tmp)).includes(folder!));
});

test("A run that goes on beside one that is killed is left alone by doctor and by the next run.", async (t) => {
  const { url } = await startApp(t, 65_000);
  const port = await portPair();
  const mark = { ALB502_TEST_BESIDE: String(process.pid) };
  const beside = await startCommand(t, "up", [url, "--port", `${port}`], { env: mark });
  await beside.printed(/Ctrl-C ends it\.$/m);
  const itsOwn = async () => ({
    folders: await beside.leftovers(),
    processes: await livingWith(`ALB502_TEST_BESIDE=${process.pid}`),
    answers: (await fetch(`http://127.0.0.1:${port}/`)).status,
  });
  const before = await itsOwn();

  const killed = await startCommand(t, "demo", ["--nodes", "2", "--rounds", "2"], {
    env: { ...NO_DOCKER, TMPDIR: beside.tmp },
  });
  await killed.printed(/^probing /m);
  process.kill(killed.pid, "SIGKILL");
  assert.equal(await doctor(t, beside.tmp, NO_DOCKER), "removed what a killed run had left: 1 folder");
  assert.deepEqual(await itsOwn(), before);
  const next = await startCommand(t, "demo", ["--nodes", "2", "--rounds", "2"], {
    env: { ...NO_DOCKER, TMPDIR: beside.tmp },
  });
  await next.printed(/^probing /m);
  process.kill(next.pid, "SIGINT");
  assert.equal((await next.ended).code, 130);
  assert.deepEqual(await itsOwn(), before);

  process.kill(beside.pid, "SIGINT");
  const { code, stdout } = await endedCleanly(beside);
  assert.deepEqual([code, before.answers], [130, 200]);
  assert.match(stdout, /^3 requests, 0 lost/m);
});
