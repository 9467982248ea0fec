import { constants, createGunzip } from "node:zlib";

/** A gzip file that is not what it should be from some byte on. What is before it has been handed on. */
export class GzipProblem extends Error {
  constructor(
    readonly code: "CUT_OFF" | "DAMAGED" | "TRAILING",
    /** Bytes of the file that were taken without a problem, and of the text that they hold. */
    readonly taken: { bytes: number; text: number },
  ) {
    super(code);
  }
}

/**
 * Decompresses the members of a gzip file, one after the other.
 * @param fineFrom from this byte on one by one: where the data are damaged zlib keeps for itself what it made of the last
 *   piece that it was given
 * @throws GzipProblem, and what reading throws
 */
export async function gunzip(
  chunks: AsyncIterable<Buffer>,
  onText: (text: Buffer) => void,
  fineFrom = Number.POSITIVE_INFINITY,
): Promise<void> {
  const stream = createGunzip({ chunkSize: TEXT_BYTES, flush: constants.Z_NO_FLUSH });
  let failure: Error | null = null;
  let [fed, text] = [0, 0];
  stream.on("error", (error) => {
    failure ??= error;
  });
  stream.on("data", (data: Buffer) => {
    try {
      text += data.length;
      onText(data);
    } catch (error) {
      // Thrown from here nobody could catch it.
      failure ??= error as Error;
      stream.destroy();
    }
  });
  const closed = new Promise<void>((resolve) => stream.once("close", resolve));
  try {
    for await (const chunk of chunks) {
      for (const piece of piecesOf(chunk, fed, fineFrom)) {
        if (isOver(stream)) assertPadding(piece, fed, text);
        else await Promise.race([new Promise((done) => stream.write(piece, done)), closed]);
        if (failure !== null) throw asProblem(failure, fed, text);
        if (isOver(stream)) assertPadding(piece.subarray(Math.max(0, stream.bytesWritten - fed)), fed, text);
        fed += piece.length;
      }
    }
    if (!isOver(stream)) stream.end();
    await closed;
    if (failure !== null) throw asProblem(failure, fed, text);
  } finally {
    stream.destroy();
  }
}

/** Larger pieces are no faster, and hold more memory until they are collected. */
const TEXT_BYTES = 256 * 1024;

const isOver = (stream: { readableEnded: boolean; destroyed: boolean }): boolean =>
  stream.readableEnded || stream.destroyed;

function* piecesOf(chunk: Buffer, at: number, fineFrom: number): Generator<Buffer> {
  const whole = Math.min(chunk.length, Math.max(0, fineFrom - at));
  if (whole > 0) yield chunk.subarray(0, whole);
  for (let i = whole; i < chunk.length; i++) yield chunk.subarray(i, i + 1);
}

/** Behind the last member: zeros fill up a block of a tape, anything else is not read. */
function assertPadding(rest: Buffer, bytes: number, text: number): void {
  if (rest.some((byte) => byte !== 0)) throw new GzipProblem("TRAILING", { bytes, text });
}

function asProblem(error: NodeJS.ErrnoException, bytes: number, text: number): Error {
  // Of the first member it would not have been taken for gzip.
  if (error.message === "incorrect header check") return new GzipProblem("TRAILING", { bytes, text });
  if (error.code === "Z_BUF_ERROR") return new GzipProblem("CUT_OFF", { bytes, text });
  return error.code?.startsWith("Z_") ? new GzipProblem("DAMAGED", { bytes, text }) : error;
}
