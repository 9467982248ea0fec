import { brokenReasons, caveats, requestsText } from "./caveats.ts";
import type { CauseFound, Diagnosis } from "./diagnosis.ts";
import { recastText } from "./doubts.ts";
import type { OnlyErrors } from "./only-errors.ts";
import type { Recast } from "./recast.ts";

interface Seen {
  input: Diagnosis["input"];
  causes: CauseFound[];
  /** 5xx that the LB made. */
  lb: number;
  malformedErrors: number;
  recasts: readonly Recast[];
  errorsOnly: OnlyErrors;
  /** What else there is to say of the lines. */
  remarks: readonly string[];
}

/** The verdict, and why in sentences: what it is first, then what speaks against it and what was not seen. */
export function judge(seen: Seen): Pick<Diagnosis, "verdict" | "reasons"> {
  const { input, causes, lb, malformedErrors } = seen;
  const race = causes.find(({ kind }) => kind === "race");
  // Hundreds of other failures and one line that may be a race: that is no log of a race.
  if (race && (race.sure !== "low" || race.count >= lb / 2))
    return { verdict: "race", reasons: [...raceReasons(race, seen), ...caveats(seen)] };
  if (lb > 0) return { verdict: "errors", reasons: [...errorReasons(seen), ...caveats(seen)] };
  const doubts = [
    ...(input.requests === 0 ? [nothingRead(input)] : []),
    ...(malformedErrors > 0
      ? [`${malformedErrors} of them ${malformedErrors === 1 ? "looks" : "look"} like a 5xx of the LB.`]
      : []),
  ];
  const unread = input.malformed > 0 ? [`${input.malformed} of ${input.lines} lines could not be read.`] : [];
  const tooMany = malformedErrors > 0 || input.malformed > input.lines * MALFORMED_SHARE;
  if (doubts.length > 0 || tooMany || input.broken.length > 0) {
    const reasons = input.requests === 0 ? doubts : [...unread, ...doubts];
    return { verdict: "inconclusive", reasons: [...reasons, ...brokenReasons(input), ...seen.remarks] };
  }
  return {
    verdict: "clean",
    reasons: [
      `The LB answered none of ${input.requests} requests with a 5xx of its own.`,
      restsOn(input),
      ...unread.map((text) => `${text.slice(0, -1)}; none of them looks like a 5xx.`),
      ...caveats(seen),
    ],
  };
}

/** More unreadable lines than this share make "clean" a guess. */
const MALFORMED_SHARE = 0.01;

function raceReasons({ count, sure, doubts }: CauseFound, { input, causes, lb, errorsOnly }: Seen): string[] {
  const of = errorsOnly === "no" ? `${count} of ${input.requests} requests` : `${count} requests`;
  const others = causes.filter(({ kind }) => kind !== "own" && kind !== "race");
  return [
    sure === "low"
      ? `${of} look like the keep-alive race, each line by itself (sure: low).`
      : `${of} were lost to the keep-alive race, by their lines (sure: ${sure}).`,
    ...doubts.map((text) => `${capitalised(text)}.`),
    ...(lb > count ? [`The LB made ${lb - count} other 5xx: ${kindsText(others)}.`] : []),
  ];
}

function errorReasons({ causes, lb, recasts }: Seen): string[] {
  const own = causes.filter(({ kind }) => kind !== "own");
  const never = recasts.filter(({ kind }) => kind === "bad-answer");
  const purpose = own.every(({ kind }) => kind === "fixed-response");
  const race = own.find(({ kind }) => kind === "race");
  const first = race
    ? `${race.count} of the LB's ${lb} 5xx may be the keep-alive race (sure: low): ${kindsText(own)}.`
    : `No line looks like the keep-alive race; the LB made ${lb} 5xx: ${kindsText(own)}.`;
  if (purpose) return [`The LB made ${lb} 5xx, all on purpose: a rule answers by itself (fixed-response).`];
  if (never.length === 0) return [first];
  return [
    `${recastText(never[0]!)} were closed at once without an answer: too many for the keep-alive race.`,
    `The LB made ${lb} 5xx: ${kindsText(own)}.`,
  ];
}

function nothingRead({ lines, leftOut }: Diagnosis["input"]): string {
  if (leftOut > 0)
    return `All ${requestsText(leftOut)} were left out by --from, --to, --target or --route, so that nothing is left to judge.`;
  return lines === 0 ? "There is no line to read." : "No line is from an ALB's access log.";
}

function restsOn({ requests, lines, files, firstAt, lastAt }: Diagnosis["input"]): string {
  const span = spanText(Date.parse(lastAt!) - Date.parse(firstAt!));
  return `That rests on ${requestsText(requests)} in ${lines} ${lines === 1 ? "line" : "lines"} of ${files} ${files === 1 ? "file" : "files"}, ${span} from ${firstAt} on. What is in no file cannot be seen: other hours, other LB nodes, and requests that the ALB did not log, as it keeps its log on a best-effort basis. A target that loses one request in 20 000 may show none in a short log.`;
}

function spanText(ms: number): string {
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} minutes`;
  return ms < 172_800_000 ? `${Math.round(ms / 3_600_000)} hours` : `${Math.round(ms / 86_400_000)} days`;
}

const kindsText = (causes: readonly CauseFound[]): string =>
  causes.map(({ kind, count }) => `${kind} ${count}`).join(", ");

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
