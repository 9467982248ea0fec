import { type AgentOptions, get as httpGet, type IncomingMessage, Agent as PlainAgent } from "node:http";
import { get as httpsGet, Agent as SecureAgent } from "node:https";

/** How long and how large a download may be. */
export interface Limits {
  /** Without a byte, from the first try to connect on. */
  stallMs: number;
  totalMs: number;
  bytes: number;
}

export const LIMITS: Limits = { stallMs: 30_000, totalMs: 600_000, bytes: 200_000_000 };

/** What came, or why it did not, as a clause that names the address: "https://... answers 404". */
export type Downloaded = { content: Buffer } | { problem: string };

export interface DownloadOptions {
  env: NodeJS.ProcessEnv;
  /** Called once it begins to come. @param bytes null where the server does not say */
  onStart(bytes: number | null): void;
  /** Called now and then. */
  onProgress(bytes: number): void;
  signal?: AbortSignal | undefined;
  limits?: Limits;
}

/**
 * Gets a file over http or https, through at most 5 redirects, into memory: half of it is nowhere. The variables
 * HTTPS_PROXY, HTTP_PROXY and NO_PROXY count where Node itself can follow them, from 22.21 and 24.5 on:
 * https://nodejs.org/api/http.html#built-in-proxy-support
 * @throws the signal's reason after an abort
 */
export async function download(url: URL, options: DownloadOptions): Promise<Downloaded> {
  const { signal, limits = LIMITS } = options;
  signal?.throwIfAborted();
  const ended = new AbortController();
  const end = (why: string) => () => ended.abort(why);
  const total = setTimeout(end(`took longer than ${seconds(limits.totalMs)}`), limits.totalMs);
  const stall = setTimeout(end(`sent nothing for ${seconds(limits.stallMs)}`), limits.stallMs);
  const stop = () => ended.abort("was interrupted");
  signal?.addEventListener("abort", stop);
  try {
    return { content: await read(await follow(url, options, ended.signal), options, limits, () => stall.refresh()) };
  } catch (error) {
    signal?.throwIfAborted();
    const why = ended.signal.aborted ? ended.signal.reason : (error as NodeJS.ErrnoException);
    return { problem: `${shown(url)} ${typeof why === "string" ? why : clauseOf(why)}` };
  } finally {
    ended.abort(); // what is still open
    clearTimeout(total);
    clearTimeout(stall);
    signal?.removeEventListener("abort", stop);
  }
}

/** Without the user and password that a mirror's address may have. */
export const shown = ({ origin, pathname }: URL): string => `${origin}${pathname}`;

/** Ends a download; its message is a clause. */
class Refused extends Error {}

const MOST_REDIRECTS = 5;

async function follow(start: URL, { env }: DownloadOptions, signal: AbortSignal): Promise<IncomingMessage> {
  let url = start;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const response = await ask(url, env, signal);
    const { statusCode = 0, headers } = response;
    if (statusCode === 200) return response;
    response.destroy();
    if (![301, 302, 303, 307, 308].includes(statusCode)) throw new Refused(`answers ${statusCode}`);
    const { location = "" } = headers;
    if (location === "" || !URL.canParse(location, url.href))
      throw new Refused(`answers ${statusCode} without a Location`);
    const next = new URL(location, url);
    if (next.protocol !== "https:" && next.protocol !== url.protocol) {
      throw new Refused(`redirects from ${url.protocol} to ${next.protocol}`);
    }
    url = next;
  }
  throw new Refused(`redirects more than ${MOST_REDIRECTS} times`);
}

function ask(url: URL, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<IncomingMessage> {
  // An older Node does not know proxyEnv, and connects directly.
  const agentOptions = { proxyEnv: env } as AgentOptions;
  // identity: the sum is that of the file, not of what a server makes of a ".gz".
  const options = { headers: { "accept-encoding": "identity", "user-agent": "alb502" }, signal };
  return new Promise((resolve, reject) => {
    const request =
      url.protocol === "https:"
        ? httpsGet(url, { ...options, agent: new SecureAgent(agentOptions) }, resolve)
        : httpGet(url, { ...options, agent: new PlainAgent(agentOptions) }, resolve);
    request.on("error", reject);
  });
}

async function read(
  response: IncomingMessage,
  { onStart, onProgress }: DownloadOptions,
  limits: Limits,
  alive: () => void,
): Promise<Buffer> {
  const said = response.headers["content-length"];
  const expected = said === undefined ? null : Number(said);
  const tooMuch = () => new Refused(`sends more than ${megabytes(limits.bytes)}, the most that is taken`);
  if (expected !== null && expected > limits.bytes) throw tooMuch();
  onStart(expected);
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      alive();
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > limits.bytes) throw tooMuch();
      onProgress(bytes);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ECONNRESET") throw error;
    throw new Refused(`broke off after ${megabytes(bytes)}${expected === null ? "" : ` of ${megabytes(expected)}`}`);
  }
  return Buffer.concat(chunks);
}

function clauseOf({ code, message, errors = [] }: NodeJS.ErrnoException & { errors?: Error[] }): string {
  if (code === undefined && errors.length === 0) return message;
  // A name with several addresses: the error of each is in `errors`, the whole has no message of its own.
  return `cannot be reached (${message || errors.map((one) => one.message).join("; ")})`;
}

export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

const seconds = (ms: number): string => `${ms / 1000} s`;
