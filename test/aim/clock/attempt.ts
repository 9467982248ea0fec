import type { Attempt } from "../../../src/record/attempt.ts";

/** A lost one, unless told otherwise. */
export const attempt = (changes: Partial<Attempt> = {}): Attempt => ({
  round: 0,
  user: 0,
  node: "1",
  setGapMs: 5997.5,
  gapMs: 5997.6,
  inWindow: true,
  outcome: "lost",
  status: 502,
  atMs: 6100,
  requestId: "before-0-0",
  connection: null,
  ...changes,
});
