// npm test: quiet, since its 20 users aim by the clock, at single milliseconds
import assert from "node:assert/strict";
import { OK_STATUS } from "../../scenarios/lib/ok-status.ts";
import { SPACING_MS } from "../../scenarios/lib/timing.ts";
import { aimByClock } from "../../src/aim/clock/aim-by-clock.ts";
import { cloudWatchView } from "../../src/alb-log/cloudwatch.ts";
import { formatAlbLine } from "../../src/alb-log/format.ts";
import { albLog } from "../../src/alb-log/lines.ts";
import { parseAlbLine } from "../../src/alb-log/parse.ts";
import { writeAlbLog } from "../../src/alb-log/write.ts";
import { runDiagnose } from "../../src/command/diagnose/run.ts";
import { sourcesOf } from "../../src/diagnose/sources.ts";
import { readStageLog } from "../../src/evidence/stage-log.ts";
import { measureNetwork } from "../../src/probe/round-trip.ts";
import { scratchFolder } from "../parts/scratch.ts";
import { bundles, test } from "../scenarios/k6.ts";
import { stageFor, UNFIXED } from "../scenarios/stage.ts";

const progress = { line: () => {}, transient: () => {}, paint: (_: unknown, text: string) => text };
const request = { method: "GET", path: "/orders/7?token=hush", headers: [], body: null };

test("Of a real run's ALB log diagnose calls each lost request the race, and nothing else; lines look like a real ALB's.", async (t) => {
  const users = 20;
  const stage = await stageFor(t, { name: "before", target: UNFIXED, nodes: users });
  const times = await measureNetwork(stage);
  const run = {
    signal: t.signal,
    progress,
    folder: await scratchFolder(t),
    defer: (undo: () => void) => t.after(undo),
  };
  const { volleys } = await aimByClock(
    run,
    [stage],
    {
      users,
      rounds: 2,
      request,
      okStatus: OK_STATUS,
      ...times,
      maxWaitMs: 60_000,
      spacingMs: SPACING_MS,
      neverClosed: "the target still kept its idle connections",
      lastReuse: null,
      bundle: bundles.aimed,
      dashboard: false,
    },
    { waiting() {}, measured() {}, fired() {} },
  );
  await stage.stop();

  const requests = albLog(readStageLog(stage, times.rttMs)!);
  const lost = volleys[0]!.attempts.filter(({ outcome }) => outcome === "lost").map(({ requestId }) => requestId);
  // Two rounds of 20 aimed ones lose about 30; with less than five the rest would say little.
  assert.ok(lost.length >= 5, `${lost.length} lost`);
  t.diagnostic(`${lost.length} of ${requests.length} requests lost`);
  for (const { requestId, entry } of requests) {
    const line = formatAlbLine(entry);
    if (lost.includes(requestId)) assert.match(line, LOST);
    else assert.match(line, GOOD);
    assert.ok("entry" in parseAlbLine(line), line);
    assert.doesNotMatch(line, /hush/);
  }
  assert.equal(cloudWatchView(requests.map(({ entry }) => entry))[0]!.value, lost.length);

  await writeAlbLog(run.folder, stage.name, requests);
  const diagnosis = await runDiagnose(run, await sourcesOf([run.folder]));
  assert.equal(diagnosis.input.requests, requests.length);
  assert.equal(diagnosis.input.malformed, 0);
  assert.deepEqual(
    diagnosis.causes.map(({ kind, count }) => [kind, count]),
    [["race", lost.length]],
  );
  // Each request was aimed at the close, which no ordinary traffic is.
  assert.match(diagnosis.causes[0]!.doubts[0]!, /is more than a race can take of ordinary traffic/);
  assert.equal(diagnosis.verdict, "race");
});

/** `0.000 0.003 0.000 200 200 ...` and `0.000 0.002 -1 502 - ...`; a busy machine may take some ms more. */
const GOOD =
  / 127\.0\.0\.1:\d+ 0\.00\d 0\.\d{3} 0\.00\d 200 200 \d+ \d+ "GET http:\/\/127\.0\.0\.1:\d+\/\S* HTTP\/1\.1" "[^"]+" - - /;
const LOST =
  / 127\.0\.0\.1:\d+ 0\.00\d 0\.0\d\d -1 502 - \d+ \d+ "GET http:\/\/127\.0\.0\.1:\d+\/orders\/7 HTTP\/1\.1" "[^"]+" - - /;
