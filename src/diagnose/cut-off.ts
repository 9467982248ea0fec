/**
 * A line that ends too early, completed with "-" so that it can be read as far as it goes: up to the statuses it says how
 * the request ended. null where it does not come that far, or is no line of an ALB's access log.
 */
export function completed(line: string): string | null {
  const found = UP_TO_STATUS.exec(line.slice(0, LONGEST));
  if (found === null) return null;
  const [head, targetStatus] = found;
  const rest = found.input.slice(found.index + head.length);
  // Half a status is no status.
  if (targetStatus === undefined && rest.trim() !== "") return null;
  return `${head}${targetStatus === undefined ? " -" : ""} - - "${requestIn(rest)}" "-" - - -`;
}

/** Whether a line that cannot be read has what an LB writes where it made a 5xx by itself. */
export const looksLikeError = (line: string): boolean =>
  LB_ERROR.test(line.slice(0, LONGEST)) || NAMED_ERROR.test(line.slice(0, LONGEST));

/** Fields 1 to 9, and the tenth where it is whole. */
const UP_TO_STATUS =
  /(?<![^\s:])(?:https?|h2|grpcs?|wss?) \d{4}-\d\d-\d\dT\S+Z \S+ \S+ \S+(?: (?:-1|-|\d+\.?\d*)){3} (?:\d{3}|-)(?=\s|$)(?: (\d{3}|-)(?=\s|$))?/;

/** The LB's status, followed by the target's, which it is not itself. */
const LB_ERROR = /(?<!\s\d{3})\s5\d\d(?:\s+-(?:\s|$)|\s*$)/;

/** The same by its name, in JSON. */
const NAMED_ERROR = /elb_?status_?code"?\s*:\s*"?5/i;

/** The beginning of a line is what counts, and garbage may be a megabyte. */
const LONGEST = 4000;

/** A path that was cut off may be of any route. */
function requestIn(rest: string): string {
  const [, method, url] = /"([A-Z]+) ([^\s"]+) /.exec(rest) ?? [];
  return method === undefined ? "-" : `${method} ${url} -`;
}
