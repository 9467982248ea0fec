import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { gzipSync } from "node:zlib";
import { readPools } from "../../../src/command/predict/read-log.ts";
import { logPredictionLines } from "../../../src/command/predict/words.ts";
import type { Run } from "../../../src/run/run.ts";
import { DOCUMENTED, entryOf, lineOf } from "../../alb-log/samples.ts";
import { scratchFolder } from "../../parts/scratch.ts";

const MINUTE = { time: "2026-11-20T10:01:00.000000Z" };
const POOL = { startMs: [Date.parse(MINUTE.time)], endMs: [Date.parse(MINUTE.time)] };

test("A log is read in the forms that diagnose reads: as it is, gzipped, as JSON, in columns, in folders.", async (t) => {
  const entry = entryOf(MINUTE);
  const columns = Object.keys(entry) as (keyof typeof entry)[];
  const forms: Record<string, string | Buffer> = {
    "a.log": lineOf(MINUTE),
    "a.log.gz": gzipSync(`${lineOf(MINUTE)}\n`),
    "json.log": JSON.stringify(entry),
    "columns.log": `${columns.join("\t")}\n${columns.map((name) => entry[name]).join("\t")}\n`,
    "year/month/a.log": `${lineOf(MINUTE)}\n`,
  };
  for (const [name, text] of Object.entries(forms)) {
    const { pools, unread } = await read(t, { [name]: text });
    assert.deepEqual([pools, unread], [[POOL], 0], name);
  }
});

test("What does not count is counted: pools beyond the limit, lines of another kind or without a time, broken files.", async (t) => {
  const { request_creation_time: _, ...untimed } = entryOf(MINUTE);
  const seen = await read(
    t,
    {
      "a.log": ["10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80", "10.0.0.1:80"]
        .map((target) => lineOf({ ...MINUTE, target }))
        .join("\n"),
      "b.log": `no line of an ALB\n${DOCUMENTED.lambda}\n`,
      "c.log": JSON.stringify(untimed),
      "d.log.gz": gzipSync(lineOf(MINUTE).repeat(2)).subarray(0, 40),
    },
    2,
  );
  assert.deepEqual([seen.pools.length, seen.leftOut, seen.unread, seen.broken.length], [2, 1, 2, 1]);
  assert.match(seen.broken[0]!.file, /d\.log\.gz$/);

  const prediction = {
    ...seen,
    ...{ requests: 3, pools: 2, spanMs: 1000, near: { gaps: 0, reachMs: 600 } },
    perDay: { expected: 0, low: 0, high: 0 },
  };
  const said = logPredictionLines({ idleCloseMs: 6000, rttMs: 1 }, prediction).join("\n");
  assert.match(said, /^Requests that do not count, as their pools come after the first 2: 1; give fewer/m);
  assert.match(said, /^Lines that do not count, as they are not an ALB's or lack request_creation_time: 2\.$/m);
  assert.match(said, /d\.log\.gz was not read to its end: /);
});

test("A log without a request to a target predicts nothing, and says what it has instead.", async (t) => {
  await assert.rejects(read(t, { "a.log": `${DOCUMENTED.lambda}\nno line of an ALB\n` }), {
    name: "InconclusiveError",
    message:
      "no request of this log went to a target: there is nothing to predict from (lines that are not an ALB's or lack request_creation_time: 1)",
  });
});

/** @param files by their paths below one folder, which is read */
async function read(t: TestContext, files: Record<string, string | Buffer>, mostPools?: number) {
  const folder = await scratchFolder(t);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name, ".."), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return readPools({ signal: t.signal } as Run, [folder], mostPools);
}
