import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, it, test } from "node:test";
import { createProgress } from "../../src/run/progress.ts";
import { withRun } from "../../src/run/run.ts";
import { bundleTargetApp } from "../../src/stage/bundle.ts";
import { openDocker } from "../../src/stage/docker/runtime.ts";
import { endedCleanly, oneLine, portPair } from "../nothing-left.ts";
import { scratchFolder } from "../parts/scratch.ts";
import { startCommand } from "../start-command.ts";
import { madeBy } from "./docker.ts";
import { dockerOrSkip } from "./engine.ts";
import { startInDocker } from "./start-in-docker.ts";

const skip = await dockerOrSkip();

describe("What a user can fix is one line, exit 2, and nothing is left", { skip, concurrency: 2 }, () => {
  it("a port that is taken.", async (t) => {
    const port = await taken(t);
    const ended = await (await startInDocker(t, ["--port", `${port}`])).endedCleanly();
    assert.equal(ended.code, 2);
    assert.match(oneLine(ended), new RegExp(`^alb502: port ${port} is in use; choose another with --port`));
  });

  it("a port that somebody takes after we looked, so that Compose finds it taken.", async (t) => {
    const port = await taken(t);
    let folder = "";
    const started = withRun(createProgress(process.stderr), async (run) => {
      folder = run.folder.split("/").at(-1)!.toLowerCase();
      const runtime = await openDocker(run, ["haproxy", "toxiproxy"], null);
      const target = { bundle: await bundleTargetApp(runtime.bundles), environment: {} };
      const lb = { idleTimeoutMs: 60_000, nodes: 2 };
      await runtime.startStage(run, { name: "taken", target, lb, rttMs: 2, port });
      return 0;
    });
    await assert.rejects(started, (error: Error) => {
      assert.equal(error.name, "EnvironmentError");
      assert.equal(error.message, `port ${port} is in use; choose another with --port, or free ones without`);
      return true;
    });
    assert.deepEqual(await madeBy(folder), []);
  });

  it("an image that is not there and whose registry does not answer.", async (t) => {
    const env = { HAPROXY_IMAGE: "no.such.invalid/haproxy:1" };
    const startMs = performance.now();
    const ended = await (await startInDocker(t, [], { env })).endedCleanly();
    assert.equal(ended.code, 2);
    assert.match(
      oneLine(ended),
      /^alb502: the image no\.such\.invalid\/haproxy:1 is missing and cannot be pulled \(.+\): /,
    );
    assert.ok(ended.atMs - startMs < 60_000, `${ended.atMs - startMs} ms`);
  });

  it("an image that holds something else.", async (t) => {
    const ended = await (await startInDocker(t, [], { env: { HAPROXY_IMAGE: "node:24-alpine" } })).endedCleanly();
    assert.equal(ended.code, 2);
    assert.match(oneLine(ended), /^alb502: the image node:24-alpine does not hold a haproxy that runs here \(/);
  });

  it("a SUBNET that is none.", async (t) => {
    const ended = await (await startInDocker(t, [], { env: { SUBNET: "198.18.0.0" } })).endedCleanly();
    assert.equal(ended.code, 2);
    assert.match(oneLine(ended), /^alb502: SUBNET is "198\.18\.0\.0", expected an IPv4 \/24/);
  });

  it("--out below a file.", async (t) => {
    const file = join(await scratchFolder(t), "file");
    await writeFile(file, "");
    const ended = await (await startInDocker(t, ["--out", join(file, "out")])).endedCleanly();
    assert.equal(ended.code, 2);
    assert.match(oneLine(ended), /^alb502: cannot write in ".*file\/out"/);
  });
});

test("An engine that does not run, where docker was asked for, is one line, exit 2.", async (t) => {
  const env = { DOCKER_HOST: "unix:///no/such.sock" };
  const ended = await endedCleanly(await startCommand(t, "demo", ["--runtime", "docker"], { env }));
  assert.equal(ended.code, 2);
  assert.match(
    oneLine(ended),
    /^alb502: (no Docker engine answers at unix:\/\/\/no\/such\.sock|docker is not on PATH): /,
  );
});

async function taken(t: { after(undo: () => void): void }): Promise<number> {
  const port = await portPair();
  const holder = createServer().listen(port, "127.0.0.1");
  t.after(() => void holder.close());
  await once(holder, "listening");
  return port;
}
