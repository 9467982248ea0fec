import { z } from "zod";

/**
 * What became of one aimed request. Lower-case words, since they are read in result.json and in k6's tags.
 *
 * - `own`: the idle connection was reused, and the target answered on it.
 * - `lost`: the LB answered 502 for it, or passed on what the target had sent unasked, a 408.
 * - `fresh`: the idle connection was gone, and a new one was opened.
 * - `answered`: answered through an LB that does not say on which connection.
 * - `down`: the LB answered 502, and the target did not answer the follow-up either: it is not there.
 * - `retried`: the *client's* connection was lost, so k6's transport may have repeated the request unseen.
 * - `missed`: its moment had passed before it could be aimed; it was not sent.
 * - `error`: anything else: status 0, an unexpected status, a warm-up request that failed.
 */
export const outcomeSchema = z.enum(["own", "lost", "fresh", "answered", "down", "retried", "missed", "error"]);

export type Outcome = z.infer<typeof outcomeSchema>;

/** What the relay at the target's door saw of one attempt. All times in ms. */
export const doorSchema = z.object({
  /**
   * hit: the request came by while the target's close was kept back. missed: it did not, and `why` says why. never: the
   * target closed nothing. watched: nothing was to be kept back.
   */
  end: z.enum(["hit", "missed", "never", "watched"]),
  why: z.string().nullable(),
  /** What the target did, unasked, on the idle connection; null = nothing. bytes: a 408, a TLS alert. */
  said: z.enum(["FIN", "RST", "bytes"]).nullable(),
  /** For how long the connection had been idle then. */
  idleMs: z.number().nullable(),
  /** How long that was kept back; null = it was not. */
  heldMs: z.number().nullable(),
  /** When the request came to the door, from that close on, negative before it; null = not known. */
  afterCloseMs: z.number().nullable(),
});

export type DoorSight = z.infer<typeof doorSchema>;

/** One aimed request, as k6 posts it (JSON) and as result.json keeps it. */
export const attemptSchema = z.object({
  /** Which aimed volley it belongs to, from 0 up. */
  round: z.int().nonnegative(),
  /** k6's user, from 0 up: its VU number less one. */
  user: z.int().nonnegative(),
  /** The LB node that it was sent through: each has its own pool. */
  node: z.string(),
  /** Idle gap asked for, ms, fixed before the request was sent. */
  setGapMs: z.number().nonnegative(),
  /** Idle gap achieved, ms. */
  gapMs: z.number().nonnegative(),
  /**
   * Aimed at the close: whether it came to the target's door while the target's own close was kept back there, or, where
   * none was to be had, at the moment that was set for it. By the clock: whether `setGapMs` and `gapMs` lay inside the
   * window known by then, settled before sending. Never told from the outcome.
   */
  inWindow: z.boolean(),
  outcome: outcomeSchema,
  /** HTTP status that the client saw; 0 where there was none. */
  status: z.int().nonnegative(),
  /** When the answer came, ms from the moment the users were let go. */
  atMs: z.number(),
  requestId: z.string(),
  /** The LB's connection to the target that carried it, or null where the LB did not say. */
  connection: z.string().nullable(),
  /** The header by which a cache says that it gave the answer, in lower case: "age". Missing where none did. */
  cached: z.string().optional(),
  /** How its moment was found: by hearing the target close, or by the clock. Without one: by the clock. */
  aim: z.enum(["close", "clock"]).optional(),
  /** What the target's door saw of it; null or missing where no relay stood there. */
  door: doorSchema.nullish(),
});

export type Attempt = z.infer<typeof attemptSchema>;
