import type { AgainstLb } from "../record/against-lb.ts";
import { commentIn } from "./comment.ts";
import { lowerLb } from "./lower-lb.ts";
import type { LbProfile } from "./profile.ts";
import { closesByDefaultAt, type Software } from "./recognise.ts";
import { secondsForMs, type Timing } from "./seconds-for-ms.ts";
import { SERVERS, type ServerFacts } from "./server-facts.ts";
import { fill, keepForMs } from "./value.ts";

export interface Question extends Timing {
  /** null = not recognised. */
  software: Software | null;
  kind: AgainstLb;
  lbIdleMs: number;
  /** As measured; null where the target closed nothing. */
  idleCloseMs: number | null;
  /** The earliest close; missing where nobody knows it. */
  minMs?: number | null | undefined;
  profile: LbProfile;
}

export interface Advice {
  /** One line. */
  headline: string;
  /** What to paste, in one language; a comment in that language is a sentence about it. */
  lines: string[];
  /** The other way round, on the LB's side, in the language of its own; empty where there is none. */
  instead: string[];
  /** Where the setting is documented; without a known one, where the LB's idle timeout is. */
  source: string;
}

/** How to fix what was found; null where there is nothing to fix, or where no fix is known. */
export function advise(question: Question): Advice | null {
  const { kind, software, profile } = question;
  const facts = SERVERS.find(({ id }) => id === software?.id) ?? null;
  const source = facts?.source ?? profile.idleTimeoutSource;
  switch (kind) {
    case "vulnerable":
    case "tie":
      return { ...longer(question, facts), source };
    case "closes-at-once":
      if (givenSeconds(question, facts) !== null) return { ...longer(question, facts), source };
      return { ...keepAlive(question, facts), source };
    case "outlives":
    case "announces-close":
    case "unknown":
    // No idle timeout helps there; the verdict's own sentence says what would.
    case "closes-some":
    case "closes-by-age":
    case "closes-after-requests":
    case "restarted":
      return null;
  }
}

function longer(question: Question, facts: ServerFacts | null): Omit<Advice, "source"> {
  const { lbIdleMs, kind, profile } = question;
  const lb = `the LB's ${lbIdleMs / 1000} s`;
  const longerThan =
    kind === "tie"
      ? `its close ties with ${lb}, which loses requests too; keep idle connections longer`
      : `keep idle connections longer than ${lb}`;
  const instead = lowerLb(profile, earliestMs(question, facts));
  if (facts === null) {
    const seconds = keepForMs(lbIdleMs) / 1000;
    const lines = [`# set the server's keep-alive (idle) timeout to ${seconds} s`, ...hint(question.idleCloseMs)];
    return { headline: `${who(question)}: ${longerThan}: ${seconds} s`, lines, instead };
  }
  if (facts.setting === null) {
    const lower = instead.length > 0 ? "lower the LB's idle timeout, or " : "";
    const what = `no setting keeps its idle connections longer than ${lb}; ${lower}put a server that has one in front of it`;
    return { headline: `${who(question)}: ${what}`, lines: notes(facts, lbIdleMs), instead };
  }
  const valueMs = valueFor(facts, lbIdleMs);
  const givenMs = givenSeconds(question, facts);
  const wrongUnit = givenMs === null ? "" : `${facts.setting} seems to be about ${givenMs} ms: it takes milliseconds; `;
  const lines = [...fill(facts.paste, valueMs), ...beyondMax(facts, lbIdleMs), ...notes(facts, lbIdleMs)];
  const headline = `${who(question)}: ${wrongUnit}${longerThan}: ${facts.setting} ${written(facts, valueMs)}`;
  return { headline, lines, instead };
}

/** A coarse clock closes some long before the others, and the LB has to be before them all. */
function earliestMs({ idleCloseMs, minMs }: Question, facts: ServerFacts | null): number | null {
  const seenMs = minMs ?? idleCloseMs;
  return seenMs === null ? null : Math.min(seenMs, facts?.earliestIdleMs ?? seenMs);
}

const givenSeconds = (question: Question, facts: ServerFacts | null): number | null =>
  secondsForMs(question, facts, keepForMs(question.lbIdleMs));

/** The close is not announced, so the LB may still take the connection for an open one: every request is a race. */
function keepAlive(question: Question, facts: ServerFacts | null): Omit<Advice, "source"> {
  const { lbIdleMs } = question;
  const seconds = keepForMs(lbIdleMs) / 1000;
  const headline = `${who(question)}: turn keep-alive on, for ${seconds} s, or announce each close with "Connection: close"`;
  const general = [
    `# keep connections open after an answer, longer than the LB's ${lbIdleMs / 1000} s: ${seconds} s`,
    "# or send Connection: close with each answer: the LB then reuses none (RFC 9112, 9.6)",
  ];
  if (facts === null) return { headline, lines: [...general, ...doingSo(lbIdleMs)], instead: [] };
  if (facts.closesAtOnce === null) {
    return { headline, lines: general.map((line) => commentIn(facts, line.slice("# ".length))), instead: [] };
  }
  const known = [...fill(facts.closesAtOnce, keepForMs(lbIdleMs)), ...notes(facts, lbIdleMs)];
  return { headline, lines: question.software?.sure ? known : [...known, ...general], instead: [] };
}

/** Servers that close at once by default: a hint, as nothing tells one from another. */
const doingSo = (lbIdleMs: number): string[] =>
  SERVERS.flatMap(({ title, closesAtOnce }) =>
    closesAtOnce === null
      ? []
      : [`# ${title} does so by default; there it is:`, ...fill(closesAtOnce, keepForMs(lbIdleMs))],
  );

function who({ software }: Question): string {
  if (software === null) return "The target";
  return software.sure ? software.title : `Probably ${software.title}`;
}

/** The value, or what to give instead where it is more than the setting takes. */
export function valueFor({ max }: ServerFacts, lbIdleMs: number): number {
  const valueMs = keepForMs(lbIdleMs);
  return max !== null && valueMs > max.s * 1000 ? max.instead * 1000 : valueMs;
}

/** The value in the setting's own unit: "65000 (ms)", "65 (s)", "65 s". */
export function written({ unit }: ServerFacts, valueMs: number): string {
  if (unit === "duration") return `${valueMs / 1000} s`;
  return unit === "ms" ? `${valueMs} (ms)` : `${valueMs / 1000} (s)`;
}

function beyondMax(facts: ServerFacts, lbIdleMs: number): string[] {
  const { max } = facts;
  return max !== null && keepForMs(lbIdleMs) > max.s * 1000 ? [commentIn(facts, max.meaning)] : [];
}

function notes(facts: ServerFacts, lbIdleMs: number): string[] {
  return fill(facts.notes, keepForMs(lbIdleMs)).map((note) => commentIn(facts, note));
}

function hint(idleCloseMs: number | null): string[] {
  const titles = idleCloseMs === null ? [] : closesByDefaultAt(idleCloseMs).map(({ title }) => title);
  const at = `${((idleCloseMs ?? 0) / 1000).toFixed(1)} s`;
  return titles.length === 0
    ? []
    : [`# ${at} is the default of: ${titles.join(", ")}; docs/fixes.md has their settings`];
}
