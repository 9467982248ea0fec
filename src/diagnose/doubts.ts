import type { CauseTally } from "./counts.ts";
import type { OnlyErrors } from "./only-errors.ts";
import { MOST_OF_ORDINARY, MOST_OF_UNUSUAL, type Rate } from "./rate.ts";
import type { Recast } from "./recast.ts";
import { shownName } from "./show.ts";

/** What one cause's failures have in common with others, which tells how sure it is. */
export interface Context {
  /** The route with most of them: its share of them, and of all requests. */
  topRoute: { name: string; share: number; shareOfRequests: number } | null;
  /** Of the group that lost the largest share to the race. */
  rate: Rate;
  /** Races that came within minutes, and otherwise did not. */
  inBursts: number;
  onlyErrors: OnlyErrors;
  /** Why failures count as this cause though their lines look like another. */
  recasts: readonly Recast[];
}

/** What speaks against the race, line by line sure or not; each takes so many steps of sureness. */
export function doubtsOf(
  { count }: CauseTally,
  { topRoute, rate, inBursts, onlyErrors }: Context,
): { text: string; steps: number }[] {
  const doubts: { text: string; steps: number }[] = [];
  // A route that crashes its process at once, or whose answer cannot be read, looks the same line by line.
  if (count < 3) doubts.push({ text: "so few may also be an app that crashed at once", steps: 1 });
  if (onlyErrors === "maybe")
    doubts.push({ text: "if this log is whole, each request failed, and then it is no race", steps: 1 });
  if (onlyErrors === "yes")
    doubts.push({
      text: "what share of all requests they are is not known, and a large one would speak against it",
      steps: 1,
    });
  if (onlyErrors !== "no") return doubts;
  if (rate.atLeast > MOST_OF_ORDINARY) {
    const steps = rate.atLeast > MOST_OF_UNUSUAL ? 2 : 1;
    doubts.push({ text: `${percent(rate.share)} of ${groupText(rate)} ${WHY_TOO_MANY}`, steps });
  }
  if (topRoute !== null && count >= 5 && topRoute.share > 0.9 && topRoute.shareOfRequests < 0.5)
    doubts.push({ text: `nearly all are ${topRoute.name}, so look for a crash there`, steps: 1 });
  if (inBursts > count / 2)
    doubts.push({
      text: `${inBursts} came within a few minutes, as when a target is restarted or overloaded`,
      steps: 1,
    });
  return doubts;
}

const WHY_TOO_MANY =
  "is more than a race can take of ordinary traffic, 0.5 % at most, as it takes only what comes in the few ms in which an idle connection closes. A client that asks at a fixed period close to the target's idle timeout can lose up to every second request; a target that dies at once, or whose answer the LB cannot read, loses any number";

export const WHY_NO_RACE =
  "A race needs an answered request on the same connection before each lost one, so it cannot take more than every second, and of ordinary traffic takes 0.5 % at most";

const groupText = ({ group, name, everyMs }: Rate): string => {
  if (name === null) return "all requests";
  const every = everyMs >= 1000 ? `, asked every ${(everyMs / 1000).toPrecision(2)} s on average,` : "";
  return `the requests ${group === "target" ? "to" : "for"} ${name}${every}`;
};

export function recastText({ count, requests, group, name }: Recast): string {
  const of = `${count} of ${requests} requests`;
  return name === null ? of : `${of} ${group === "target" ? "to" : "for"} ${shownName(name)}`;
}

export const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`;
