import { z } from "zod";
import { InconclusiveError } from "../run/exit.ts";

/** One line of the edge's log, as simulator/haproxy.cfg writes it. */
const edgeLineSchema = z.object({
  log: z.literal("edge"),
  /** When the request came, microseconds since 1970. */
  atUs: z.number(),
  /** X-Request-Id. */
  id: z.string(),
  node: z.string(),
  method: z.string(),
  path: z.string(),
  /** What the client got. */
  status: z.number(),
  /** HAProxy's termination state; SH = the server closed before its headers. */
  termination: z.string(),
  /** "1" when the edge repeated it, else "0": only ever after the LB's own idle timeout. */
  retries: z.string(),
  totalMs: z.number(),
  /** Of the whole request and answer, headers included, as HAProxy counts them. */
  bytesIn: z.number().optional(),
  bytesOut: z.number().optional(),
  /** Address and port. */
  client: z.string().optional(),
  /**
   * Parts of totalMs: until the request's head was there, waiting for and making the hop's connection, until the answer
   * began. -1 = it did not get that far. The rest is the answer's body. Like the rest of these, missing in older logs.
   */
  headMs: z.number().optional(),
  waitMs: z.number().optional(),
  connectMs: z.number().optional(),
  answerMs: z.number().optional(),
  /** "HTTP/1.1". */
  http: z.string().optional(),
  /** The client's Host header and User-Agent, cut after 256 and 512 bytes; "-" without. */
  host: z.string().optional(),
  agent: z.string().optional(),
  /** The port on which the edge listens. */
  port: z.number().optional(),
  /** The pooled connection that answered; "-" when none did. */
  up: z.string(),
  /** The pooled connection on which it was sent, answered or not; "0" = on none. */
  sentOn: z.string().default("0"),
});

export type EdgeLine = z.infer<typeof edgeLineSchema>;

/** When its answer had been sent, microseconds since 1970. */
export const endOf = ({ atUs, totalMs }: EdgeLine): number => atUs + totalMs * 1000;

/** The edge's lines among everything that HAProxy wrote, in its order. @throws InconclusiveError for half a line */
export const edgeLines = (haproxyLog: readonly string[]): EdgeLine[] =>
  haproxyLog.map(edgeLine).filter((line) => line !== null);

/** One line of the edge's log; null for any other line. @throws InconclusiveError for half a line */
export const edgeLine = (line: string): EdgeLine | null => (isRequest(line) ? parseLine(edgeLineSchema, line) : null);

/** `"atUs":-`: HAProxy could not read the request, so none of the edge's rules ran. */
const isRequest = (line: string): boolean =>
  line.startsWith('{"log":"edge"') && !line.startsWith('{"log":"edge","atUs":-');

/** A line of the LB's log, which is JSON. @throws InconclusiveError where it does not fit `schema`: it was cut off */
export function parseLine<T>(schema: z.ZodType<T>, line: string): T {
  try {
    return schema.parse(JSON.parse(line));
  } catch {
    throw new InconclusiveError(`the LB's log has a line that cannot be read: ${line.slice(0, 200)}`);
  }
}
