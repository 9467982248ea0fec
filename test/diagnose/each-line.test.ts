import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { eachLine } from "../../src/diagnose/each-line.ts";

test("Lines come whole and in order, whatever pieces they are read in, plain or gzipped.", async () => {
  const lines = ["first", "", "a longer third one", "fourth\r", "é", "last"];
  const plain = Buffer.from(lines.join("\n"), "latin1");
  for (const bytes of [plain, gzipSync(plain)]) {
    for (const size of [1, 2, 3, 5, 1000]) assert.deepEqual((await read(bytes, size)).lines, lines);
  }
});

test("A line break at the end adds no line, and an empty stream has none.", async () => {
  assert.deepEqual((await read(Buffer.from("one\n"))).lines, ["one"]);
  assert.deepEqual((await read(Buffer.from("\n\n"))).lines, ["", ""]);
  assert.deepEqual((await read(Buffer.from("x"))).lines, ["x"]);
  assert.deepEqual((await read(Buffer.alloc(0))).lines, []);
});

test("Bytes of decompressed text are counted, not those of the file.", async () => {
  const plain = Buffer.from("a line\n".repeat(1000));
  assert.equal((await read(plain, 10)).bytes, plain.length);
  assert.equal((await read(gzipSync(plain), 10)).bytes, plain.length);
});

test("A line without an end is handed on in pieces of about a megabyte: memory stays bounded.", async () => {
  const { lines } = await read(Buffer.alloc(5_000_000, "x"), 64 * 1024);
  assert.equal(lines.join("").length, 5_000_000);
  assert.ok(lines.length >= 4, `${lines.length}`);
  for (const line of lines) assert.ok(line.length <= (1024 + 64) * 1024, `${line.length}`);
});

test("A gzip file that is cut off is read up to the cut, and then it rejects.", async () => {
  const whole = gzipSync(Array.from({ length: 20_000 }, (_, i) => `${Math.sin(i)}`).join("\n"));
  const lines: string[] = [];
  await assert.rejects(
    eachLine(
      () => Readable.from([whole.subarray(0, whole.length / 2)]),
      (bytes, start, end) => lines.push(bytes.toString("latin1", start, end)),
      () => {},
    ),
    { message: "the gzip file is cut off" },
  );
  assert.ok(lines.length > 1000);
  assert.equal(lines[999], `${Math.sin(999)}`);
});

async function read(bytes: Buffer, size = 1000): Promise<{ lines: string[]; bytes: number }> {
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  );
  const seen = { lines: [] as string[], bytes: 0 };
  await eachLine(
    () => Readable.from(pieces),
    (bytes, start, end) => seen.lines.push(bytes.toString("latin1", start, end)),
    (more) => {
      seen.bytes += more;
    },
  );
  return seen;
}
