import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, type TestContext } from "node:test";
import { edgeLines } from "../../src/evidence/edge-log.ts";
import { InconclusiveError } from "../../src/run/exit.ts";
import { createProgress } from "../../src/run/progress.ts";
import type { Run } from "../../src/run/run.ts";
import { bundleTargetApp } from "../../src/stage/bundle.ts";
import { startStage } from "../../src/stage/native/start-stage.ts";
import type { Stage } from "../../src/stage/stage.ts";
import { livingWith } from "../living.ts";
import { needs } from "../needs.ts";
import { isAlive } from "./alive.ts";

type Undo = () => Promise<void> | void;

const progress = createProgress(process.stderr);
const { test, parts } = await needs("haproxy", "toxiproxy", "k6");
let folder: string;
let bundle: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "alb502-"));
  bundle = await bundleTargetApp(folder);
});
after(() => rm(folder, { recursive: true, force: true }));

test("A stage is a target, a network and an LB, each ready, and each with its log.", async (t) => {
  const { stage } = await start(t);
  assert.deepEqual(
    stage.processes.map(({ name }) => name),
    ["the target app", "Toxiproxy", "HAProxy"],
  );

  const through = await fetch(`${stage.lbUrl}/through`, { headers: { "x-request-id": "a", "x-lb-node": "3" } });
  assert.equal(through.status, 200);
  assert.match(through.headers.get("x-up")!, /^\d+$/);
  const direct = await fetch(`${stage.targetUrl}/direct`);
  assert.equal(direct.status, 200);
  assert.equal(direct.headers.get("x-up"), null);
  await Promise.all([through.text(), direct.text()]);
  // Its settings reached the target: 7 s are announced, and nothing that this shell may have set.
  assert.equal(direct.headers.get("keep-alive"), "timeout=7");

  // On the same client connection: that it is answered proves that the request before it was logged.
  await (await fetch(`${stage.lbUrl}/last`)).text();
  await stage.stop();
  const paths = stage.logs.target.map((line) => JSON.parse(line)).flatMap((line) => line.path ?? []);
  assert.deepEqual(paths, ["/through", "/direct", "/last"]);
  const [first] = edgeLines(stage.logs.haproxy);
  assert.deepEqual([first?.id, first?.node, first?.status], ["a", "3", 200]);
});

test("After stop() no process and no open port is left; a second stop() does nothing.", async (t) => {
  const { stage } = await start(t);
  const addresses = [new URL(stage.lbUrl).host, new URL(stage.targetUrl).host, stage.networkAddress];
  for (const address of addresses) assert.ok(await isOpen(address), address);

  await stage.stop();
  for (const { name, pid } of stage.processes) assert.equal(isAlive(pid), false, name);
  for (const address of addresses) assert.equal(await isOpen(address), false, address);
  await stage.stop();
});

test("The run's own end stops the stage, too.", async (t) => {
  const { stage, undos } = await start(t);
  for (const undo of undos.reverse()) await undo();
  for (const { name, pid } of stage.processes) assert.equal(isAlive(pid), false, name);
});

for (const victim of ["the target app", "Toxiproxy", "HAProxy"]) {
  test(`When ${victim} dies in the middle, the stage says so, and its other parts can still be stopped.`, async (t) => {
    const { stage } = await start(t);
    process.kill(stage.processes.find(({ name }) => name === victim)!.pid, "SIGKILL");
    await assert.rejects(stage.died, (error) => {
      assert.ok(error instanceof InconclusiveError);
      assert.ok(error.message.startsWith(`${victim} exited unexpectedly (SIGKILL): `), error.message);
      assert.doesNotMatch(error.message, /\n/);
      return true;
    });
    await stage.stop();
    for (const { name, pid } of stage.processes) assert.equal(isAlive(pid), false, name);
  });
}

test("Stopping a stage is no death of a part.", async (t) => {
  const { stage } = await start(t);
  let died = false;
  stage.died.catch(() => {
    died = true;
  });
  await stage.stop();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(died, false);
});

test("Of a stage that cannot be had whole nothing is left after the run's end.", async (t) => {
  const undos: Undo[] = [];
  const mark = `ALB502_TEST_STAGE=${process.pid}`;
  process.env.ALB502_TEST_STAGE = String(process.pid); // what is started inherits it
  const { haproxy, ...others } = parts;
  const broken = { ...others, haproxy: { ...haproxy, path: "./no-such-haproxy" } };
  await assert.rejects(
    startStage(makeRun(t, undos), broken, settings()),
    /^EnvironmentError: HAProxy cannot be run as/,
  );
  assert.equal((await livingWith(mark)).length, 4, "the target and the network, each with its guard");
  for (const undo of undos.reverse()) await undo();
  assert.deepEqual(await livingWith(mark), []);
});

async function start(t: TestContext): Promise<{ stage: Stage; undos: Undo[] }> {
  const undos: Undo[] = [];
  const stage = await startStage(makeRun(t, undos), parts, settings());
  return { stage, undos };
}

const settings = () => ({
  name: `stage-${++stages}`,
  target: { bundle, environment: { KEEP_ALIVE_TIMEOUT_MS: "7000" } },
  lb: { idleTimeoutMs: 60_000, nodes: 5 },
  rttMs: 2,
  port: null,
});
let stages = 0;

function makeRun(t: TestContext, undos: Undo[]): Run {
  t.after(async () => {
    for (const undo of undos) await undo();
  });
  return { signal: t.signal, progress, folder, defer: (undo) => void undos.push(undo) };
}

async function isOpen(address: string): Promise<boolean> {
  const [host, port] = address.split(":") as [string, string];
  const socket = connect(Number(port), host);
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
