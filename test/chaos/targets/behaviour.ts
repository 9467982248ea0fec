/** How a made server behaves, in ms; serve.mjs does it. */
export interface Behaviour {
  /** It closes a connection so long after its last answer; with two values, each time by chance between them. */
  idleMs: number | readonly [number, number];
  /** It looks for idle connections only so often. */
  tickMs?: number;
  /** It closes a connection so long after it was opened, used or not. */
  ageMs?: number | readonly [number, number];
  /** It ends a connection after so many requests. */
  requests?: number;
  /** And says so in the last answer. */
  announces?: boolean;
  /** It closes right after each answer, without a word. */
  atOnce?: boolean;
  /** It keeps so many connections at most, and closes the one that was idle longest. */
  keeps?: number;
  /** By RST, where it closes. */
  resets?: boolean;
  status?: number;
  /** Of its answers. */
  headers?: Readonly<Record<string, string>>;
  version?: "1.0" | "1.1";
  /** It answers so late. */
  lateMs?: number;
  /** The body's bytes. */
  bytes?: number;
  /** The body comes in four parts, so far apart. */
  dripMs?: number;
  /** In place of an answer, as ISO 8859-1. */
  raw?: string;
  /** What comes after it. */
  after?: "close" | "keep" | "reset";
  /** `raw` is sent so many times in one write. */
  times?: number;
  /** It takes connections and never answers. */
  silent?: boolean;
  /** It closes each connection as soon as it is there. */
  refuses?: "close" | "reset";
  /** What it says, unasked, before it closes an idle connection. */
  lastWords?: string;
  /** Each so many answers are of the other kind. */
  every?: number;
  other?: Partial<Behaviour>;
  /** From SIGUSR2 on. */
  later?: Partial<Behaviour>;
  /** From so long after the first request on, as if SIGUSR2 had come. */
  laterAfterMs?: number;
  /** From so long after the first request on it closes all connections in one instant, once. */
  reloadAfterMs?: number;
  /** With a reload it does not listen for so long. */
  downMs?: number;
}
