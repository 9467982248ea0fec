import { createByteReader } from "./byte-reader.ts";
import { type Flaw, framingOf, parseHead, type ResponseHead } from "./response-head.ts";

/** Reads one HTTP/1.x response, in whatever pieces it comes. Whatever they are, it never throws, and holds little. */
export interface ResponseReader {
  push(chunk: Buffer): void;
  /** null until it is complete; interim responses (1xx) are skipped. */
  head(): ResponseHead | null;
  /**
   * until-close: the body has no framing and ends with the connection (RFC 9112 section 6.3).
   * no-http: this is not an HTTP/1.x response, or one that no LB would pass on.
   */
  state(): "reading" | "until-close" | "complete" | "no-http";
  /** What is wrong with it, as words that follow "it"; null unless it began as an HTTP/1.x response. */
  flaw(): string | null;
  /** The beginning of the body, without chunks' framing. */
  body(): string;
  /** The beginning of what came after a complete response. */
  excess(): string;
}

/** @param method of the request: the response to a HEAD has no body, whatever its head says */
export function createResponseReader(method: string): ResponseReader {
  const read = createByteReader();
  const body = createExcerpt();
  const excess = createExcerpt();
  let step: Step = readFirstBytes;
  let first = "";
  let lines: string[] = [];
  let interim = 0;
  let head: ResponseHead | null = null;
  let flaw: string | null = null;

  /** Each step takes what it can and names the next one; itself when it needs more. */
  function readFirstBytes(): Step {
    first += read.bytes(HTTP.length - first.length).toString("latin1");
    if (!HTTP.startsWith(first)) return noHttp;
    return first.length < HTTP.length ? readFirstBytes : readHead;
  }

  function readHead(): Step {
    for (let line = read.line(); ; line = read.line()) {
      if (read.spent() > MAX_LINES_BYTES) return isFlawed(`has a head of more than ${MAX_LINES_BYTES / 1024} kB`);
      if (line === null) return readHead;
      if (line !== "") {
        lines.push(line);
        continue;
      }
      const [statusLine = "", ...headers] = lines;
      const parsed = parseHead([`${first}${statusLine}`, ...headers]);
      first = "";
      lines = [];
      if ("flaw" in parsed) return isFlawed(parsed.flaw);
      if (parsed.status === 101) return isFlawed("switches protocols (101), which was not asked for");
      if (parsed.status >= 200) return endHead(parsed);
      if (++interim > MAX_INTERIM) return isFlawed(`has more than ${MAX_INTERIM} interim answers (1xx) before it`);
    }
  }

  function endHead(parsed: ResponseHead): Step {
    head = parsed;
    const framing = framingOf(parsed, method);
    if (framing === "chunked") return readChunkSize;
    if (framing === "until-close") return untilClose;
    return typeof framing === "number" ? skip(framing, complete) : isFlawed(framing.flaw);
  }

  function readChunkSize(): Step {
    read.refund();
    return chunkSize;
  }

  function chunkSize(): Step {
    const line = read.line();
    if (read.spent() > MAX_LINES_BYTES) return isFlawed("has a chunk's size that does not end");
    if (line === null) return chunkSize;
    const size = /^[0-9a-f]{1,13}(?=[ \t]*(?:;|$))/i.exec(line)?.[0];
    if (size === undefined) return isFlawed("has a chunk without a size");
    read.refund();
    return Number.parseInt(size, 16) === 0 ? readTrailer : skip(Number.parseInt(size, 16), endChunk);
  }

  function endChunk(): Step {
    const line = read.line();
    if (line === null && read.spent() <= 2) return endChunk;
    return line === "" ? readChunkSize : isFlawed("has a chunk that is longer than its size");
  }

  function readTrailer(): Step {
    for (let line = read.line(); ; line = read.line()) {
      if (read.spent() > MAX_LINES_BYTES) return isFlawed(`has trailers of more than ${MAX_LINES_BYTES / 1024} kB`);
      if (line === null) return readTrailer;
      if (line === "") return complete;
    }
  }

  function skip(bytes: number, next: Step): Step {
    let left = bytes;
    const skipping = (): Step => {
      const taken = read.bytes(left);
      body.add(taken);
      left -= taken.length;
      if (left > 0) return skipping;
      read.refund();
      return next;
    };
    return skipping;
  }

  function untilClose(): Step {
    body.add(read.bytes(Number.POSITIVE_INFINITY));
    return untilClose;
  }

  function isFlawed(why: Flaw["flaw"]): Step {
    flaw = why;
    return noHttp;
  }

  return {
    push(chunk) {
      read.push(chunk);
      for (let next = step(); next !== step; next = step()) step = next;
      if (ENDS.has(step)) {
        const rest = read.bytes(Number.POSITIVE_INFINITY);
        if (step === complete) excess.add(rest);
      }
    },
    head: () => head,
    state: () => ENDS.get(step) ?? (step === untilClose ? "until-close" : "reading"),
    flaw: () => flaw,
    body: body.text,
    excess: excess.text,
  };
}

type Step = () => Step;

const complete: Step = () => complete;
const noHttp: Step = () => noHttp;
const ENDS = new Map([
  [complete, "complete"],
  [noHttp, "no-http"],
] as const);

const HTTP = "HTTP/1.";

/** An ALB takes heads of 32 kB from its targets, and answers 502 to a longer one. */
const MAX_LINES_BYTES = 32 * 1024;

const MAX_INTERIM = 100;

/** The beginning of what may have no end. */
function createExcerpt() {
  let text = "";
  return {
    add(bytes: Buffer) {
      if (text.length < EXCERPT_BYTES)
        text += bytes.toString("latin1", 0, Math.min(bytes.length, EXCERPT_BYTES - text.length));
    },
    text: () => text,
  };
}

const EXCERPT_BYTES = 1024;
