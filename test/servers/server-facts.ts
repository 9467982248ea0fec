import type { AgainstLb } from "../../src/record/against-lb.ts";
import type { Run } from "../../src/run/run.ts";
import type { RealServer } from "./server.ts";
import type { Tools } from "./tools.ts";

/** A real server, what its documentation says about idle connections, and what an ALB at 60 s makes of it. */
export interface ServerFacts {
  name: string;
  /** The documented idle close in words, with the setting it comes from. */
  documented: string;
  source: string;
  /** Between which the server's own timer closes an idle connection, ms; null: not within 160 s. */
  closesWithin: readonly [fromMs: number, toMs: number] | null;
  /** It need not keep ten connections at a time; it announces the close of the others. */
  keepsFewer?: true;
  /** Against an LB at 60 s. */
  kind: Exclude<AgainstLb, "unknown">;
  /** What the probe's name for it has in it; null where nothing it sends tells it from others. */
  software: string | null;
  /** @throws MissingTool where it cannot be had on this machine */
  start(run: Run, tools: Tools): Promise<RealServer>;
}

export const exactly = (ms: number) => [ms, ms] as const;
