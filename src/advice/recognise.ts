import type { Tells } from "../record/tells.ts";
import { printable } from "./printable.ts";
import { type RecognitionRule, SERVERS, type ServerFacts } from "./server-facts.ts";

/** What a probe saw of a target, times in ms. null = no such header, or not measured. */
export interface Recognisable {
  server: string | null;
  poweredBy: string | null;
  claimedMs: number | null;
  idleCloseMs: number | null;
  announcedClose: boolean;
  httpVersion: "1.0" | "1.1" | null;
  /** Missing where no answer was read. */
  tells?: Tells | undefined;
}

export interface Software {
  /** Of servers.json. */
  id: string;
  title: string;
  /** A clause that follows "as": "its X-Powered-By header says Express". */
  by: string;
  /** false: told by its habits, "probably"; true: by a name in a header, or by the user. */
  sure: boolean;
}

/** The first of servers.json that fits; null where none does, or where several would. */
export function recognise(seen: Recognisable): Software | null {
  for (const { id, title, match } of SERVERS) {
    const rule = match.find((one) => fits(one, seen));
    if (rule !== undefined) return { id, title, by: reasons(rule, seen).join(" and "), sure: isNamed(rule) };
  }
  return null;
}

/** Servers whose default lies at `idleCloseMs`, in the order of servers.json: a hint, where none was recognised. */
export function closesByDefaultAt(idleCloseMs: number): ServerFacts[] {
  const near = (ms: number | null) => ms !== null && ms > 0 && Math.abs(ms - idleCloseMs) <= CLOSE_TO_MS;
  return SERVERS.filter(({ defaultIdleMs, measuredIdleMs }) => near(measuredIdleMs ?? defaultIdleMs));
}

/** Wider than the jitter of a timer, narrower than the second that most defaults are apart. */
const CLOSE_TO_MS = 300;

function fits(rule: RecognitionRule, seen: Recognisable): boolean {
  const { claimedMs, idleCloseMs } = seen;
  const afterClaimMs = claimedMs === null || idleCloseMs === null ? null : idleCloseMs - claimedMs;
  return (
    textFits(rule.server, seen.server) &&
    textFits(rule.poweredBy, seen.poweredBy) &&
    (rule.claimedMs === null ? claimedMs === null : within(rule.claimedMs, claimedMs)) &&
    within(rule.idleCloseMs, idleCloseMs) &&
    within(rule.afterClaimMs, afterClaimMs) &&
    tellsFit(rule, seen.tells) &&
    (rule.httpVersion ?? seen.httpVersion) === seen.httpVersion &&
    (rule.announcedClose ?? seen.announcedClose) === seen.announcedClose
  );
}

function textFits(pattern: RegExp | null | undefined, text: string | null): boolean {
  if (pattern === undefined) return true;
  return pattern === null || text === null ? pattern === text : pattern.test(text);
}

function within(range: { minMs: number; maxMs: number } | undefined, ms: number | null): boolean {
  return range === undefined || (ms !== null && ms >= range.minMs && ms <= range.maxMs);
}

function tellsFit({ phrase, inOrder, marks }: RecognitionRule, tells: Tells | undefined): boolean {
  if (phrase !== undefined && phrase !== tells?.phrase) return false;
  if (inOrder !== undefined && !`,${tells?.names.join(",")},`.includes(`,${inOrder.join(",")},`)) return false;
  return Object.entries(marks ?? {}).every(([name, pattern]) => pattern.test(tells?.marks[name] ?? ""));
}

/** By a name, which nobody else has; habits may be shared. */
const isNamed = (rule: RecognitionRule): boolean =>
  (rule.server || rule.poweredBy || rule.marks) !== undefined &&
  [rule.claimedMs, rule.idleCloseMs, rule.afterClaimMs, rule.phrase, rule.inOrder].every(
    (habit) => habit === undefined,
  );

function reasons(rule: RecognitionRule, seen: Recognisable): string[] {
  const said = [];
  if (rule.server) said.push(`its Server header says ${printable(seen.server)}`);
  if (rule.poweredBy) said.push(`its X-Powered-By header says ${printable(seen.poweredBy)}`);
  for (const name of Object.keys(rule.marks ?? {})) {
    said.push(`its ${name} header says ${printable(seen.tells?.marks[name] ?? null)}`);
  }
  if (rule.phrase === "") said.push("its status line has no words");
  if (rule.inOrder) said.push(`its headers come in the order ${rule.inOrder.join(", ")}`);
  if (rule.claimedMs) said.push(`it promises ${seconds(seen.claimedMs)}`);
  if (rule.idleCloseMs || rule.afterClaimMs) said.push(closes(seen.idleCloseMs ?? 0));
  if (rule.announcedClose) said.push("it announces each close");
  return said;
}

function closes(idleCloseMs: number): string {
  return idleCloseMs < 100 ? "it closes at once, without announcing it" : `it closes after ${seconds(idleCloseMs)}`;
}

function seconds(ms: number | null): string {
  return `${((ms ?? 0) / 1000).toFixed(1)} s`;
}
