// npm test: quiet, since any run in Docker that begins meanwhile removes what the killed one left
import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../command/check/target.ts";
import { portPair } from "../nothing-left.ts";
import { kill } from "../run/kill.ts";
import { dockerOrSkip } from "./engine.ts";
import { startInDocker } from "./start-in-docker.ts";

const skip = await dockerOrSkip();

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
