import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";

/**
 * Calls `onLine` for each line of a stream, plain or gzipped, by its first two bytes and not by its name. Read as
 * latin1, so that bytes stay what they are; a line of more than a megabyte is handed on in pieces.
 * @param onChunk bytes of text, called often enough for a progress line
 * @throws what the stream or the decompression throws, after the lines before it
 */
export async function eachLine(
  stream: Readable,
  onLine: (line: string) => void,
  onChunk: (bytes: number) => void,
): Promise<void> {
  let rest = "";
  const read = (chunk: Buffer) => {
    const text = rest + chunk.toString("latin1");
    let from = 0;
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", from)) {
      onLine(text.slice(from, end));
      from = end + 1;
    }
    rest = text.slice(from);
    if (rest.length > LONGEST) {
      onLine(rest);
      rest = "";
    }
    onChunk(chunk.length);
  };
  await eachChunk(stream, read);
  if (rest !== "") onLine(rest);
}

const LONGEST = 1024 * 1024;

async function eachChunk(stream: Readable, onChunk: (chunk: Buffer) => void): Promise<void> {
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let head = Buffer.alloc(0);
  while (head.length < 2) {
    const { value, done } = await chunks.next();
    if (done) break;
    head = Buffer.concat([head, value]);
  }
  if (!isGzip(head)) {
    if (head.length > 0) onChunk(head);
    for await (const chunk of { [Symbol.asyncIterator]: () => chunks }) onChunk(chunk);
    return;
  }
  const gzipped = async function* () {
    yield head;
    yield* { [Symbol.asyncIterator]: () => chunks };
  };
  await pipeline(Readable.from(gzipped()), createGunzip({ chunkSize: CHUNK_BYTES }), async (plain) => {
    for await (const chunk of plain) onChunk(chunk as Buffer);
  });
}

/** Larger pieces are no faster, and hold more memory until they are collected. */
const CHUNK_BYTES = 64 * 1024;

/** RFC 1952, section 2.3.1. */
const isGzip = (head: Buffer): boolean => head[0] === 0x1f && head[1] === 0x8b;
