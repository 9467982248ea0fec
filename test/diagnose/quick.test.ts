import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { conclude } from "../../src/diagnose/conclude.ts";
import { createReader, type Reader } from "../../src/diagnose/tally.ts";
import { CURRENT, DOCUMENTED, lineOf } from "../alb-log/samples.ts";

/** Pieces of which paths are made: each kind of segment that folding tells apart, and what ends a path. */
const SEGMENTS = fc.oneof(
  fc.constantFrom("orders", "v2", "main.12.js", "deadbeef", "a1b2c3d4", "1234567", "123456789012", "x".repeat(24), ""),
  fc.constantFrom(
    "x".repeat(25),
    "123e4567-e89b-12d3-a456-426614174000",
    "abc123def456ghi",
    "é",
    "a b",
    "\\x22",
    "0x1f",
  ),
  fc.stringMatching(/^[\da-zA-Z._~-]{0,30}$/),
);
const PATHS = fc
  .tuple(fc.array(SEGMENTS, { maxLength: 6 }), fc.constantFrom("", "?a=b", "?a b", ";x=1", "#f", "/", "?", "\\x22?"))
  .map(([segments, end]) => `/${segments.join("/")}${end}`);

const LINES = fc.oneof(
  { weight: 8, arbitrary: fc.record({ path: PATHS, ...statusAndTime() }).map(lineOf) },
  { weight: 1, arbitrary: fc.constantFrom(CURRENT, ...Object.values(DOCUMENTED), "", "\r", "garbage") },
);

/** Another byte in the place of one, or a cut. */
const SPOILT = fc
  .tuple(
    LINES,
    fc.nat(600),
    fc.constantFrom("", '"', " ", "\\", "-", "?", "5", "é", "\t", '" "', "{", ":", "\r"),
    fc.boolean(),
  )
  .map(([line, at, mark, cut]) => (cut ? line.slice(0, at) + mark : line.slice(0, at) + mark + line.slice(at + 1)));

test("An ordinary line counts from its bytes as it does from its text, whatever stands in it and around it.", () => {
  const lines = fc.array(fc.oneof(LINES, SPOILT), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(lines, (some) => {
      assert.deepEqual(resultOf(some, byBytes), resultOf(some, byText));
    }),
    { seed: 502, numRuns: 400 },
  );
});

test("Files that several readers read add up to what one reader finds, up to the quotes' order.", () => {
  const files = fc.array(fc.array(LINES, { maxLength: 12 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(files, (some) => {
      const sum = createReader();
      for (const lines of some) {
        const reader = createReader();
        for (const [i, line] of lines.entries()) reader.read(line, "a.log", i);
        // As between threads.
        sum.add(structuredClone(reader.part()));
      }
      const one = createReader();
      for (const lines of some) for (const [i, line] of lines.entries()) one.read(line, "a.log", i);
      assert.deepEqual(concluded(sum), concluded(one));
    }),
    { seed: 502, numRuns: 200 },
  );
});

test("A byte-wise read of a long line takes no longer for what is in it.", () => {
  const reader = createReader();
  warm(reader);
  for (const mark of ['"', "\\", "/", "?", " ", "://", "@", ";", "}{", '{"a":"', "\t"]) {
    const line = Buffer.from(`${CURRENT.slice(0, 150)}${mark.repeat(1_000_000 / mark.length)}`);
    reader.readBytes(line, 0, line.length, "a.log", 1);
  }
});

type Way = (reader: Reader, line: string, number: number) => void;

const byText: Way = (reader, line, number) => reader.read(line, "a.log", number);
const byBytes: Way = (reader, line, number) => {
  // In the midst of others, as in a chunk of a file.
  const bytes = Buffer.from(`${CURRENT}\n${line}\n${CURRENT}`, "latin1");
  const start = CURRENT.length + 1;
  reader.readBytes(bytes, start, start + Buffer.byteLength(line, "latin1"), "a.log", number);
};

function resultOf(lines: readonly string[], way: Way) {
  const reader = createReader();
  warm(reader);
  for (const [i, line] of lines.entries()) way(reader, line, i);
  return concluded(reader);
}

/** The first lines of a file are all read as text. */
function warm(reader: Reader) {
  for (let i = 0; i < 200; i++) reader.read(CURRENT, "a.log", i);
}

function concluded(reader: Reader) {
  const reading = { files: 1, bytes: 1, broken: [], startedAt: new Date(0), durationMs: 0, version: "0" };
  const { causes, malformed, ...rest } = conclude(reader.end(), reading);
  return {
    ...rest,
    causes: causes
      .map(({ quotes, ...cause }) => ({ ...cause, quotes: quotes.length }))
      .sort((a, b) => (a.kind < b.kind ? -1 : 1)),
    malformed: malformed.length,
  };
}

function statusAndTime() {
  return {
    status: fc.constantFrom("200", "200", "304", "404", "502", "504", "101", "460", "2xx"),
    targetStatus: fc.constantFrom("200", "-", "404", "500"),
    times: fc.constantFrom("0.000 0.003 0.000", "-1 -1 -1", "0.001 0.002 -1", "0.000 fast 0.1"),
    target: fc.constantFrom("10.0.0.1:80", "10.0.0.2:80", "-", "[2001:db8::1]:80"),
    time: fc.constantFrom(
      "2026-11-20T10:00:00.000000Z",
      "2026-11-20T10:00:59.999999Z",
      "2026-11-20T11:30:01.5Z",
      "2026-11-20T11:30:01Z",
      "2026-13-40T10:00:00.000000Z",
      "yesterday, in the evening",
    ),
    agent: fc.constantFrom("k6", "", 'a \\"b\\" c', 'stray "quote" in', "curl/8.0 (x; y)", "?"),
  };
}
