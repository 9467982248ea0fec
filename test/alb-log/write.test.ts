import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { formatAlbLine } from "../../src/alb-log/format.ts";
import type { AlbRequest } from "../../src/alb-log/lines.ts";
import { albLogFileName } from "../../src/alb-log/names.ts";
import { writeAlbLog } from "../../src/alb-log/write.ts";
import { UsageError } from "../../src/run/exit.ts";
import { scratchFolder } from "../parts/scratch.ts";
import { entryOf } from "./samples.ts";

test("A file is named as in S3, with a made-up account and region.", () => {
  const end = new Date("2026-11-21T10:05:00Z");
  assert.equal(
    albLogFileName({ run: "before", end, random: "20sg8hgm" }),
    "AWSLogs/000000000000/elasticloadbalancing/local/2026/11/21/000000000000_elasticloadbalancing_local_app.alb502-before.0000000000000000_20261121T1005Z_127.0.0.1_20sg8hgm.log.gz",
  );
});

test("Each five minutes have a gzip file.", async (t) => {
  const folder = await scratchFolder(t);
  const paths = await writeAlbLog(folder, "before", [
    requestAt("2026-11-21T10:04:59Z"),
    requestAt("2026-11-21T10:05:00Z"),
    requestAt("2026-11-21T10:05:01Z"),
  ]);
  assert.equal(paths.length, 2);
  assert.match(
    relative(folder, paths[0]!),
    /^alb-access-log\/before\/AWSLogs\/.*_20261121T1005Z_127\.0\.0\.1_\w{8}\.log\.gz$/,
  );
  assert.match(paths[1]!, /_20261121T1010Z_/);
  const texts = await Promise.all(paths.map(async (path) => gunzipSync(await readFile(path)).toString()));
  const [first, second, third] = ["10:04:59", "10:05:00", "10:05:01"].map((time) =>
    formatAlbLine(requestAt(`2026-11-21T${time}Z`).entry),
  );
  assert.deepEqual(texts, [`${first}\n`, `${second}\n${third}\n`]);
});

test("A folder that cannot be written to is a user's mistake, in one line.", async (t) => {
  const folder = await scratchFolder(t);
  await writeFile(join(folder, "alb-access-log"), "a file in the folder's place");
  await assert.rejects(writeAlbLog(folder, "before", [requestAt("2026-11-21T10:04:59Z")]), UsageError);
});

const requestAt = (time: string): AlbRequest => ({
  requestId: time,
  fate: "answered",
  atUs: Date.parse(time) * 1000,
  entry: entryOf({ time }),
});
