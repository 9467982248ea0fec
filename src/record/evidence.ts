import { z } from "zod";

/** One TCP segment between the network and the target, as captured on the target's side. */
export const segmentSchema = z.object({
  /** From the first segment of the excerpt, ms, to the microsecond. */
  atMs: z.number(),
  from: z.enum(["lb", "target"]),
  /** As tcpdump writes them: "FIN, ACK". */
  flags: z.string(),
  /** Bytes of payload. */
  length: z.int().nonnegative(),
  /** Of the request that it begins; null for any other segment. */
  requestId: z.string().nullable(),
  /** What it is, in words: "the target closes", "GET /, X-Request-Id before-0-0", "nobody is there: reset". */
  what: z.string(),
});

export type Segment = z.infer<typeof segmentSchema>;

/** Why one lost request was lost. */
export const lossSchema = z.object({
  requestId: z.string(),
  /** When the LB got it, Unix ms. */
  atMs: z.number(),
  /** The LB's connection to the target on which it was sent, as the LB's log names it; null = it does not. */
  connection: z.string().nullable(),
  /** Who closed that connection. */
  closedBy: z.enum(["target", "lb", "unknown"]),
  /** How long that connection had been idle when the request came to the LB, ms. */
  idleMs: z.number().nullable(),
  /**
   * How the target's side looks. after-fin: the request came after the target's FIN. unread: it reached the target's
   * socket, which was closed without reading it. reset: the target sent RST alone. at-lb: the FIN had come through the
   * network, and the request met it at the LB's end of it. inside-lb: the FIN was in the LB already, and the request met
   * it between the LB's own tiers, where nothing is captured. null = no capture.
   */
  wire: z.enum(["after-fin", "unread", "reset", "at-lb", "inside-lb"]).nullable(),
  /** From the FIN to the request's arrival at the same place, ms, negative when it came first; null = no capture. */
  afterFinMs: z.number().nullable(),
  /** Whether the app's own log has the request; null = no log of the app, or one that lacks requests that it answered. */
  seenByApp: z.boolean().nullable(),
  /** One sentence; null = it cannot be explained, which makes the verdict inconclusive. */
  explanation: z.string().nullable(),
});

export type Loss = z.infer<typeof lossSchema>;

/** What proves a run's losses: result.json's runs[].evidence. */
export const evidenceSchema = z.object({
  losses: z.array(lossSchema),
  /** What was captured; null without a capture, and `why` says why. */
  capture: z
    .object({
      /** The program that captured, with its version. */
      by: z.string(),
      packets: z.int().nonnegative(),
      /** Lost requests, counted four times: by k6, in the LB's log, as 502s to the client, as requests answered by RST or lost inside the LB. */
      counts: z.object({ k6: z.int(), lb: z.int(), wire502: z.int(), resets: z.int() }),
      /** The segments of one connection of each outcome, side by side; null where there was none. */
      examples: z.object({
        lost: z.array(segmentSchema).nullable(),
        own: z.array(segmentSchema).nullable(),
        fresh: z.array(segmentSchema).nullable(),
      }),
    })
    .nullable(),
  /** Why there is no capture, and what to do: one line; null with one. */
  why: z.string().nullable(),
});

export type Evidence = z.infer<typeof evidenceSchema>;
