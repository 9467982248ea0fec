import type { Run } from "../../src/run/run.ts";
import { type Spread, spreadOf } from "../figures.ts";
import type { LoadResult } from "./load-protocol.ts";
import { runLoad } from "./run-load.ts";

/** A way to the target, and what was measured on it: one result per pass. */
export interface Route {
  name: string;
  /** host:port of its near end. */
  address: string;
  /** One connection: how long a request takes when nothing else is in flight. */
  single: LoadResult[];
  /** Many connections. */
  many: LoadResult[];
}

/**
 * Loads each way in turn, and all of them again in the next pass, so that changes on the machine meanwhile affect all of
 * them.
 */
export async function measureRoutes(
  run: Run,
  addresses: Readonly<Record<string, string>>,
  { passes, connections, timeMs }: { passes: number; connections: number; timeMs: number },
): Promise<Route[]> {
  const routes = Object.entries(addresses).map(([name, address]): Route => ({ name, address, single: [], many: [] }));
  for (let pass = 1; pass <= passes; pass++) {
    for (const { name, address, single, many } of routes) {
      run.progress.transient(`pass ${pass} of ${passes}: ${name}`);
      single.push(await runLoad(run, { ADDRESS: address, CONNECTIONS: 1, TIME_MS: timeMs }));
      many.push(await runLoad(run, { ADDRESS: address, CONNECTIONS: connections, TIME_MS: timeMs }));
    }
  }
  return routes;
}

/** One figure over the passes. */
export const over = (results: readonly LoadResult[], read: (result: LoadResult) => number): Spread =>
  spreadOf(results.map(read));

/** The same divided by another way's, pass by pass. */
export const against = (
  results: readonly LoadResult[],
  others: readonly LoadResult[],
  read: (result: LoadResult) => number,
): Spread => spreadOf(results.map((result, pass) => read(result) / read(others[pass]!)));
