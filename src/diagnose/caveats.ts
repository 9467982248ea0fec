import type { Diagnosis } from "./diagnosis.ts";
import type { OnlyErrors } from "./only-errors.ts";

/** What the log or its reading leaves open, whatever the verdict is, as sentences. */
export function caveats({
  input,
  causes,
  lb,
  errorsOnly,
  remarks,
}: {
  input: Diagnosis["input"];
  causes: Diagnosis["causes"];
  /** 5xx that the LB made. */
  lb: number;
  errorsOnly: OnlyErrors;
  remarks: readonly string[];
}): string[] {
  const { cutOff, malformed, lines, leftOut } = input;
  return [
    // A page that is shown on purpose to all is no time in which nothing worked.
    ...(causes.every(({ kind }) => kind === "fixed-response") ? [] : ERRORS_ONLY[errorsOnly]),
    ...(cutOff === 1 ? ["1 line is cut off, and counts as far as it goes."] : []),
    ...(cutOff > 1 ? [`${cutOff} lines are cut off, and count as far as they go.`] : []),
    // A clean verdict has said it.
    ...(malformed > 0 && lb > 0 ? [`${malformed} of ${lines} lines could not be read.`] : []),
    ...(leftOut > 0 ? [`${requestsText(leftOut)} ${leftOut === 1 ? "was" : "were"} left out, as asked.`] : []),
    ...brokenReasons(input),
    ...remarks,
  ];
}

const ERRORS_ONLY: Record<OnlyErrors, string[]> = {
  no: [],
  yes: ["The log holds errors only, as a grep leaves them: what share of all requests they are is not in it."],
  maybe: [
    "Every request in the log failed. If it holds errors only, as a grep leaves them, what share they are is not in it; if it is whole, nothing worked at that time.",
  ],
  whole: [
    "Every request in the log failed: nothing worked at that time. If it holds errors only, as a grep leaves them, diagnose the whole log.",
  ],
};

export const brokenReasons = ({ broken }: Diagnosis["input"]): string[] =>
  broken.map(({ file, reason }) => `${file} could not be read to its end: ${reason}.`);

export const requestsText = (count: number): string => (count === 1 ? "1 request" : `${count} requests`);
