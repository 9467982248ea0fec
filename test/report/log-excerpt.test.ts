import assert from "node:assert/strict";
import { test } from "node:test";
import { formatAlbLine } from "../../src/alb-log/format.ts";
import type { AlbRequest } from "../../src/alb-log/lines.ts";
import { logExcerpt } from "../../src/report/log-excerpt.ts";
import { entryOf } from "../alb-log/samples.ts";

const good = answered("before-0-1", "200");
const lost = { requestId: "before-0-17", fate: "race", entry: entryOf() } as const;
const targetLog = ["listening", '{"event":"request","id":"before-0-1"}', '{"event":"request","id":"before-0-10"}'];
const linesOf = (...requests: Pick<AlbRequest, "entry">[]) => requests.map(({ entry }) => formatAlbLine(entry));

test("The excerpt is the lost line, the good one before it, and the target's line of the good one alone.", () => {
  assert.deepEqual(logExcerpt([{ ...good, requestId: "warm" }, good, lost, lost], targetLog), {
    albLines: linesOf(good, lost),
    targetLines: ['{"event":"request","id":"before-0-1"}'],
  });
});

test("A lost line that came first still has a good one beside it.", () => {
  assert.deepEqual(logExcerpt([lost, good], targetLog)!.albLines, linesOf(good, lost));
});

test("An answer of 204, 304 or 404 is a good line; the app's own 500 and what no target answered are none.", () => {
  for (const status of ["204", "304", "404"]) {
    const other = answered("other", status);
    assert.deepEqual(logExcerpt([other, lost], null)!.albLines, linesOf(other, lost), status);
  }
  const silent = { requestId: "silent", fate: "silent", entry: entryOf({ status: "504" }) } as const;
  assert.deepEqual(logExcerpt([answered("own", "500"), silent, lost], null)!.albLines, linesOf(lost));
});

test("Without a loss there is nothing to show, neither where all was answered nor where there was no target.", () => {
  assert.equal(logExcerpt([good], targetLog), null);
  const unconnected = { requestId: "down", fate: "unconnected", entry: entryOf({ times: "-1 -1 -1" }) } as const;
  assert.equal(logExcerpt([good, unconnected], targetLog), null);
});

function answered(requestId: string, status: string) {
  const entry = entryOf({ times: "0.000 0.001 0.000", status, targetStatus: status });
  return { requestId, fate: "answered", entry } as const;
}
