export interface ResponseHead {
  httpVersion: "1.0" | "1.1";
  status: number;
  /** The words after the status; "" without any, as Tomcat sends none. */
  phrase: string;
  /** Names in lower case, in their order; the values of a repeated one are joined by ", " (RFC 9110 section 5.3). */
  headers: ReadonlyMap<string, string>;
}

/** What an LB would not pass on either, as words that follow "it": "has no status line". */
export interface Flaw {
  flaw: string;
}

/** @param lines status line first, without the empty one that ends a head */
export function parseHead([statusLine = "", ...lines]: readonly string[]): ResponseHead | Flaw {
  const [, minor, status, phrase = ""] = /^HTTP\/1\.(\d) ([1-9]\d\d)(?: (.*))?$/.exec(statusLine) ?? [];
  if (status === undefined) return { flaw: "has no status line of HTTP/1.x" };
  if ([phrase, ...lines].some((line) => CONTROLS.test(line))) return { flaw: "has a control character in its head" };
  const headers = new Map<string, string>();
  let last: string | null = null;
  for (const line of lines) {
    // Folded (RFC 9112 section 5.2): it goes on with the one before.
    const isFolded = /^[ \t]/.test(line);
    const colon = isFolded ? -1 : line.indexOf(":");
    if (!isFolded && colon < 1) return { flaw: "has a line among its headers that is none" };
    const name: string | null = isFolded ? last : line.slice(0, colon).trim().toLowerCase();
    if (name === null) continue;
    const value = line.slice(colon + 1).trim();
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}${isFolded ? " " : ", "}${value}`);
    last = name;
  }
  return { httpVersion: minor === "0" ? "1.0" : "1.1", status: Number(status), phrase, headers };
}

/** ASCII's: the bytes from 0x80 on may be text (RFC 9110 section 5.5, obs-text). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is these that are looked for
const CONTROLS = /[\x00-\x08\x0a-\x1f\x7f]/;

/** RFC 9112 section 6.3: a number of bytes, in chunks, or until the connection ends. */
export function framingOf(
  { status, headers }: ResponseHead,
  method: string,
): number | "chunked" | "until-close" | Flaw {
  if (method === "HEAD" || status === 204 || status === 304) return 0;
  const coding = headers.get("transfer-encoding");
  if (coding !== undefined)
    return coding.split(",").at(-1)!.trim().toLowerCase() === "chunked" ? "chunked" : "until-close";
  const length = headers.get("content-length");
  if (length === undefined) return "until-close";
  // Repeated with the same value it is still one length.
  const lengths = new Set(length.split(",").map((one) => one.trim()));
  if (lengths.size > 1) return { flaw: "has two different Content-Lengths" };
  const [bytes = ""] = lengths;
  return /^\d{1,15}$/.test(bytes) ? Number(bytes) : { flaw: "has a Content-Length that is no number of bytes" };
}
