import type { LimitSearch } from "../probe/request-limit.ts";
import type { ProbeSummary } from "../probe/summarise.ts";
import { measured } from "../record/units.ts";

/** What a probe's good verdict rests on. */
export function connectionsWatched(summary: ProbeSummary): string {
  const { connections, closed, minMs, watchedMs, begunOverMs, announcedClose } = summary;
  const many = `${connections} ${connections === 1 ? "connection" : "connections"}`;
  if (announcedClose) return `${many}, each answer with the announcement`;
  const begun = connections > 1 ? `, begun within ${measured(begunOverMs)}` : "";
  const ends = closed === 0 || minMs === null ? "none closed" : `the first closed after ${measured(minMs)}`;
  return `${many} watched for ${measured(watchedMs)}${begun}, ${ends}`;
}

/** How far a limit on requests was looked for, and where it was not looked far: "1 request on one connection (because ...)". */
export function lookedFor({ limit, lookedUpTo, why }: LimitSearch): string {
  const requests = `${lookedUpTo} ${lookedUpTo === 1 ? "request" : "requests"}`;
  const end = limit === null ? "no limit found" : `its limit of ${limit.requests} is announced`;
  return `${requests} on one connection, ${end}${why === null ? "" : `, and no further because ${why}`}`;
}

/** What no run from outside can see, as a whole sentence. */
export const BLIND_SPOTS =
  "Not seen from here: other backends behind the same name, workers that are recycled or connections that are ended for their age later on, a clock that looks less often than was watched beyond the LB's timeout, and, with a cache or proxy in front, the app behind it.";

/** Where a limit was not looked for far enough; null where it was, or there is one. */
export function limitSentence({ limit, lookedUpTo, why }: LimitSearch): string | null {
  if (limit !== null) return null;
  if (lookedUpTo >= ENOUGH) return null;
  const reason = why === null ? "" : `: ${why}`;
  return `A limit on requests per connection was looked for up to ${lookedUpTo} only${reason}.`;
}

/** Where the common limits lie: 100 of Apache and Tomcat. */
const ENOUGH = 100;
