// npm test: quiet, since it aims by the clock
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { resultSchema } from "../../../src/record/result.ts";
import { startProcess } from "../../../src/run/process.ts";
import { createProgress } from "../../../src/run/progress.ts";
import type { Run } from "../../../src/run/run.ts";
import { undoLastFirst } from "../../../src/run/undos.ts";
import { startStage } from "../../../src/stage/native/start-stage.ts";
import { freePorts } from "../../../src/stage/ports.ts";
import { waitUntilReady } from "../../../src/stage/wait-until-ready.ts";
import { needs } from "../../needs.ts";
import { endedCleanly, oneLine } from "../../nothing-left.ts";
import { scratchFolder } from "../../parts/scratch.ts";
import { startCommand } from "../../start-command.ts";
import { startApp } from "./target.ts";

const { test, parts } = await needs("haproxy", "k6", "toxiproxy");
const startCheck = (t: TestContext, args: readonly string[]) => startCommand(t, "check", args);

test("Without --yes nothing is sent, and one line says what would be: exit 2.", async (t) => {
  const { url } = await startApp(t, 1000);
  const ended = await endedCleanly(await startCheck(t, [url, "--through", "http://127.0.0.1:9"]));
  assert.equal(ended.code, 2);
  assert.match(
    oneLine(ended),
    /--through would send up to 1362 requests to http:\/\/127\.0\.0\.1:9, 682 unless .*: 10 bursts of 20 at once/,
  );
});

test("A standing LB without any helper headers loses an unfixed app's requests: exit 1.", async (t) => {
  const { url } = await startApp(t, 1000);
  const { code, result } = await through(t, url, await standingLb(t, url));
  const [run] = result.runs;
  assert.deepEqual([code, result.verdict], [1, "lost"], result.reasons.join(" "));
  assert.deepEqual([run!.own, run!.fresh], [0, 0], "nobody tells which connection it was");
  assert.equal(run!.answered + run!.lost, run!.attempts);
});

test("A fixed app behind it is clean: exit 0, with what so few requests can say.", async (t) => {
  const { url } = await startApp(t, 65_000);
  const { code, result } = await through(t, url, await standingLb(t, url), "--lb-idle", "2s");
  assert.deepEqual([code, result.verdict, result.runs[0]!.answered], [0, "clean", 60], result.reasons.join(" "));
  assert.match(result.reasons.join(" "), /Through a standing LB .* weaker evidence/);
});

async function through(t: TestContext, url: string, lbUrl: string, ...more: string[]) {
  const out = join(await scratchFolder(t), "out");
  const { code } = await endedCleanly(await startCheck(t, [url, "--through", lbUrl, "--yes", "--out", out, ...more]));
  return { code, result: resultSchema.parse(JSON.parse(await readFile(join(out, "result.json"), "utf8"))) };
}

test("An LB that answers by itself is noticed: exit 3, not clean.", async (t) => {
  const { url } = await startApp(t, 65_000);
  const redirecting = createServer((_, response) => response.writeHead(301, { Location: "https://x.example/" }).end());
  redirecting.listen(0, "127.0.0.1");
  await once(redirecting, "listening");
  t.after(() => redirecting.close());
  const { code, result } = await through(t, url, `http://127.0.0.1:${(redirecting.address() as AddressInfo).port}`);
  assert.deepEqual([code, result.verdict], [3, "inconclusive"]);
  assert.match(result.reasons[0]!, /answers 301 where the target answers 200: the LB seems to answer by itself/);
});

/** Our simulator as a stranger: behind a proxy that takes its helper headers away. */
async function standingLb(t: TestContext, targetUrl: string): Promise<string> {
  const undos: (() => Promise<void> | void)[] = [];
  t.after(() => undoLastFirst(undos));
  const { signal } = new AbortController();
  const run: Run = {
    signal,
    progress: createProgress(process.stderr),
    folder: await scratchFolder(t),
    defer: (undo) => void undos.push(undo),
  };
  const lb = { idleTimeoutMs: 60_000, nodes: 20 };
  const stage = await startStage(run, parts, {
    name: "lb",
    target: { url: new URL(targetUrl) },
    lb,
    rttMs: 2,
    port: null,
  });
  const [port] = (await freePorts(1)) as [number];
  const proxy = await startProcess({
    name: "the stripping proxy",
    command: parts.haproxy.path,
    args: ["-db", "-f", join(import.meta.dirname, "no-helper-headers.cfg")],
    env: { BIND_ADDRESS: `127.0.0.1:${port}`, LB_ADDRESS: new URL(stage.lbUrl).host },
  });
  run.defer(() => proxy.stop());
  const url = `http://127.0.0.1:${port}`;
  await waitUntilReady(proxy, () => fetch(url).then(({ headers }) => headers.get("x-up") === null), { signal });
  return url;
}
