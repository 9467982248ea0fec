export interface ResponseHead {
  httpVersion: "1.0" | "1.1";
  status: number;
  /** Names in lower case; the values of a repeated one are joined by ", " (RFC 9110 section 5.3). */
  headers: ReadonlyMap<string, string>;
}

/** Reads one HTTP/1.x response, in whatever pieces it comes. */
export interface ResponseReader {
  push(chunk: Buffer): void;
  /** null until it is complete; interim responses (1xx) are skipped. */
  head(): ResponseHead | null;
  /**
   * until-close: the body has no framing and ends with the connection (RFC 9112 section 6.3).
   * no-http: this is not an HTTP/1.x response.
   */
  state(): "reading" | "until-close" | "complete" | "no-http";
  /** What came after a complete response. */
  excess(): string;
}

/** @param method of the request: the response to a HEAD has no body, whatever its head says */
export function createResponseReader(method: string): ResponseReader {
  let step: Step = readHead;
  let unread = "";
  let head: ResponseHead | null = null;

  /** Each step takes what it can from `unread` and names the next one; itself when it needs more. */
  function readHead(): Step {
    if (!unread.startsWith(HTTP.slice(0, unread.length))) return noHttp;
    const [whole] = /^.*?\r?\n\r?\n/s.exec(unread) ?? [];
    if (whole === undefined) return unread.length > MAX_HEAD_BYTES ? noHttp : readHead;
    const parsed = parseHead(whole);
    if (parsed === null) return noHttp;
    unread = unread.slice(whole.length);
    if (parsed.status < 200 && parsed.status !== 101) return readHead();
    head = parsed;
    const framing = framingOf(parsed, method);
    if (framing === "chunked") return readChunkSize;
    if (framing === "until-close") return untilClose;
    return Number.isSafeInteger(framing) ? skip(framing, complete) : noHttp;
  }

  function readChunkSize(): Step {
    const line = takeLine();
    if (line === null) return readChunkSize;
    const size = /^[0-9a-f]+/i.exec(line)?.[0];
    if (size === undefined) return noHttp;
    return Number.parseInt(size, 16) === 0 ? readTrailer : skip(Number.parseInt(size, 16), endChunk);
  }

  function endChunk(): Step {
    return takeLine() === null ? endChunk : readChunkSize;
  }

  function readTrailer(): Step {
    const line = takeLine();
    return line === null ? readTrailer : line === "" ? complete : readTrailer();
  }

  function skip(bytes: number, next: Step): Step {
    let left = bytes;
    const skipping = (): Step => {
      const taken = Math.min(left, unread.length);
      unread = unread.slice(taken);
      left -= taken;
      return left === 0 ? next : skipping;
    };
    return skipping;
  }

  function untilClose(): Step {
    unread = "";
    return untilClose;
  }

  function takeLine(): string | null {
    const end = unread.indexOf("\n");
    if (end < 0) return null;
    const line = unread.slice(0, end).replace(/\r$/, "");
    unread = unread.slice(end + 1);
    return line;
  }

  return {
    push(chunk) {
      unread += chunk.toString("latin1");
      for (let next = step(); next !== step; next = step()) step = next;
    },
    head: () => head,
    state: () => ENDS.get(step) ?? (step === untilClose ? "until-close" : "reading"),
    excess: () => (step === complete ? unread : ""),
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

/** Several times what Node and the common servers send and accept. */
const MAX_HEAD_BYTES = 256 * 1024;

function parseHead(text: string): ResponseHead | null {
  const [statusLine = "", ...lines] = text.trimEnd().split(/\r?\n/);
  const [, minor, status] = /^HTTP\/1\.(\d) (\d{3})(?: |$)/.exec(statusLine) ?? [];
  if (status === undefined) return null;
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] = /^([^\s:]+)[ \t]*:[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    if (name === undefined || value === undefined) continue;
    const before = headers.get(name.toLowerCase());
    headers.set(name.toLowerCase(), before === undefined ? value : `${before}, ${value}`);
  }
  return { httpVersion: minor === "0" ? "1.0" : "1.1", status: Number(status), headers };
}

/** RFC 9112 section 6.3: a number of bytes, NaN where the length is not a number. */
function framingOf({ status, headers }: ResponseHead, method: string): number | "chunked" | "until-close" {
  if (method === "HEAD" || status === 204 || status === 304) return 0;
  const coding = headers.get("transfer-encoding");
  if (coding !== undefined) return /(^|,)\s*chunked\s*$/i.test(coding) ? "chunked" : "until-close";
  const length = headers.get("content-length");
  if (length === undefined) return "until-close";
  // Repeated with the same value it is still one length.
  const [first, ...others] = length.split(/\s*,\s*/);
  return /^\d+$/.test(first!) && others.every((other) => other === first) ? Number(first) : Number.NaN;
}
