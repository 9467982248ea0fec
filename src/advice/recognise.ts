import { type RecognitionRule, SERVERS, type ServerFacts } from "./server-facts.ts";

/** What a probe saw of a target, times in ms. null = no such header, or not measured. */
export interface Recognisable {
  server: string | null;
  poweredBy: string | null;
  claimedMs: number | null;
  idleCloseMs: number | null;
  announcedClose: boolean;
  httpVersion: "1.0" | "1.1" | null;
}

export interface Software {
  /** Of servers.json. */
  id: string;
  title: string;
  /** A clause that follows "as": "its X-Powered-By header says Express". */
  by: string;
  /** false: told by timing, "probably". */
  sure: boolean;
}

/** The first of servers.json that fits; null where none does, or where several would. */
export function recognise(seen: Recognisable): Software | null {
  for (const { id, title, match } of SERVERS) {
    const rule = match.find((one) => fits(one, seen));
    if (rule !== undefined) return { id, title, by: reasons(rule, seen).join(" and "), sure: !needsTiming(rule) };
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

function needsTiming({ claimedMs, idleCloseMs, afterClaimMs }: RecognitionRule): boolean {
  return [claimedMs, idleCloseMs, afterClaimMs].some((range) => range !== undefined);
}

function reasons(rule: RecognitionRule, seen: Recognisable): string[] {
  const said = [];
  if (rule.server) said.push(`its Server header says ${printable(seen.server)}`);
  if (rule.poweredBy) said.push(`its X-Powered-By header says ${printable(seen.poweredBy)}`);
  if (rule.claimedMs) said.push(`it promises ${seconds(seen.claimedMs)}`);
  if (rule.idleCloseMs || rule.afterClaimMs) said.push(closes(seen.idleCloseMs ?? 0));
  if (rule.announcedClose) said.push("it announces each close");
  return said;
}

/** A header is the target's own text: one line of it, without control characters, which a terminal would obey. */
function printable(text: string | null): string {
  return (text ?? "").replace(/[^\x20-\x7e]/g, "?").slice(0, 60);
}

function closes(idleCloseMs: number): string {
  return idleCloseMs < 100 ? "it closes at once, without announcing it" : `it closes after ${seconds(idleCloseMs)}`;
}

function seconds(ms: number | null): string {
  return `${((ms ?? 0) / 1000).toFixed(1)} s`;
}
