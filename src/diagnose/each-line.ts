import type { Readable } from "node:stream";
import { gunzipSync } from "node:zlib";
import { FileProblem, otherFormatOf } from "./file-problem.ts";
import { GzipProblem, gunzip } from "./gunzip.ts";
import { textDecoder } from "./text-encoding.ts";

/** The bytes of a line from `start` to `end`, without its line break. They are valid during the call. */
export type OnLine = (bytes: Buffer, start: number, end: number) => void;

/**
 * Calls `onLine` for each line of a file, plain or gzipped, by its first two bytes and not by its name. UTF-16 and byte
 * order marks are recognised; any other bytes stay what they are. A line of more than a megabyte is handed on in pieces.
 * @param open opens it; a second time, if it can be, where a gzip file is damaged, to hand on all that is before that
 * @param onChunk bytes of text, called often enough for a progress line
 * @param whole the file's bytes where there are few: ten times as fast as a stream. What is wrong with them the stream tells
 * @throws FileProblem, after the lines that could be read; what the stream throws
 */
export async function eachLine(
  open: () => Readable,
  onLine: OnLine,
  onChunk: (bytes: number) => void,
  { canReopen = false, whole = null }: { canReopen?: boolean; whole?: Buffer | null } = {},
): Promise<void> {
  const lines = lineSplitter(onLine);
  const decoder = textDecoder(lines.take);
  const take = (text: Buffer) => {
    decoder.take(text);
    onChunk(text.length);
  };
  try {
    const text = whole === null ? null : textOf(whole);
    if (text === null) await eachText(open, take, canReopen);
    else take(text);
  } finally {
    decoder.end();
    lines.end();
  }
}

/** The text of a small file; null where it is not all text or gzip. */
function textOf(whole: Buffer): Buffer | null {
  if (!isGzip(whole)) return otherFormatOf(whole) === null ? whole : null;
  try {
    // In one piece, as large as the file says it will be (RFC 1952, section 2.3.1, ISIZE): several would be copied together.
    const chunkSize = Math.min(MOST_TEXT_BYTES, Math.max(1024, whole.readUInt32LE(whole.length - 4) + 1));
    const options = { info: true, chunkSize, maxOutputLength: MOST_TEXT_BYTES };
    const { buffer, engine } = gunzipSync(whole, options) as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    return engine.bytesWritten === whole.length ? buffer : null;
  } catch {
    return null;
  }
}

/** More takes the stream, which holds little of it at a time. */
const MOST_TEXT_BYTES = 32e6;

async function eachText(open: () => Readable, take: (text: Buffer) => void, canReopen: boolean): Promise<void> {
  const { head, chunks } = await headOf(open());
  if (!isGzip(head)) {
    const other = otherFormatOf(head);
    if (other !== null) throw new FileProblem(other);
    for await (const chunk of chunks) take(chunk);
    return;
  }
  try {
    await gunzip(chunks, take);
  } catch (error) {
    if (!(error instanceof GzipProblem)) throw error;
    if (canReopen && error.code !== "CUT_OFF") await restBefore(error, open, take);
    throw new FileProblem(PROBLEMS[error.code]);
  }
}

const PROBLEMS = {
  CUT_OFF: "the gzip file is cut off",
  DAMAGED: "the gzip file is damaged",
  TRAILING: "something follows its gzip data that is none, and was not read",
} as const;

/** What is left of the text before a problem. */
async function restBefore({ taken }: GzipProblem, open: () => Readable, take: (text: Buffer) => void): Promise<void> {
  let skip = taken.text;
  const { chunks } = await headOf(open());
  const takeRest = (text: Buffer) => {
    const known = Math.min(skip, text.length);
    skip -= known;
    if (known < text.length) take(text.subarray(known));
  };
  await gunzip(chunks, takeRest, taken.bytes).catch((error: Error) => {
    if (!(error instanceof GzipProblem)) throw error;
  });
}

/** The first bytes, and then all chunks, these included. */
async function headOf(stream: Readable): Promise<{ head: Buffer; chunks: AsyncIterable<Buffer> }> {
  const source = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let head: Buffer = Buffer.alloc(0);
  while (head.length < HEAD_BYTES) {
    const { value, done } = await source.next();
    if (done) break;
    head = head.length === 0 ? value : Buffer.concat([head, value]);
  }
  const chunks = async function* () {
    if (head.length > 0) yield head;
    yield* { [Symbol.asyncIterator]: () => source };
  };
  return { head, chunks: chunks() };
}

const HEAD_BYTES = 6;

/** RFC 1952, section 2.3.1. */
const isGzip = (head: Buffer): boolean => head[0] === 0x1f && head[1] === 0x8b;

function lineSplitter(onLine: OnLine): { take(text: Buffer): void; end(): void } {
  let rest: Buffer = Buffer.alloc(0);
  const handOn = (line: Buffer) => {
    // In pieces that are no longer than the longest that one line may be.
    for (let from = 0; from < line.length; from += LONGEST) onLine(line, from, Math.min(line.length, from + LONGEST));
  };
  return {
    take(text) {
      let from = 0;
      if (rest.length > 0) {
        const end = text.indexOf(LINE_BREAK);
        rest = Buffer.concat([rest, end === -1 ? text : text.subarray(0, end)]);
        if (end === -1 && rest.length <= LONGEST) return;
        handOn(rest);
        rest = Buffer.alloc(0);
        if (end === -1) return;
        from = end + 1;
      }
      for (let end = text.indexOf(LINE_BREAK, from); end !== -1; end = text.indexOf(LINE_BREAK, from)) {
        onLine(text, from, end);
        from = end + 1;
      }
      if (from < text.length) rest = text.subarray(from);
    },
    end() {
      handOn(rest);
      rest = Buffer.alloc(0);
    },
  };
}

const LINE_BREAK = 10;
const LONGEST = 1024 * 1024;
