import type { AgainstLb } from "../record/against-lb.ts";
import { lowerLb } from "./lower-lb.ts";
import type { LbProfile } from "./profile.ts";
import { closesByDefaultAt, type Software } from "./recognise.ts";
import { SERVERS, type ServerFacts } from "./server-facts.ts";
import { fill, keepForMs } from "./value.ts";

export interface Question {
  /** null = not recognised. */
  software: Software | null;
  kind: AgainstLb;
  lbIdleMs: number;
  /** As measured; null where the target closed nothing. */
  idleCloseMs: number | null;
  profile: LbProfile;
}

export interface Advice {
  /** One line. */
  headline: string;
  /** What to paste; a line that begins with "# " is a sentence about it. */
  lines: string[];
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
  const { lbIdleMs, kind, idleCloseMs, profile } = question;
  const lb = `the LB's ${lbIdleMs / 1000} s`;
  const longerThan =
    kind === "tie"
      ? `its close ties with ${lb}, which loses requests too; keep idle connections longer`
      : `keep idle connections longer than ${lb}`;
  const other = lowerLb(profile, idleCloseMs);
  if (facts === null) {
    const seconds = keepForMs(lbIdleMs) / 1000;
    const lines = [`# set the server's keep-alive (idle) timeout to ${seconds} s`, ...hint(idleCloseMs), ...other];
    return { headline: `${who(question)}: ${longerThan}: ${seconds} s`, lines };
  }
  if (facts.setting === null) {
    const lower = other.length > 0 ? "lower the LB's idle timeout, or " : "";
    const what = `no setting keeps its idle connections longer than ${lb}; ${lower}put a server that has one in front of it`;
    return { headline: `${who(question)}: ${what}`, lines: [...notes(facts, lbIdleMs), ...other] };
  }
  const valueMs = valueFor(facts, lbIdleMs);
  const lines = [...fill(facts.paste, valueMs), ...beyondMax(facts, lbIdleMs), ...notes(facts, lbIdleMs), ...other];
  return { headline: `${who(question)}: ${longerThan}: ${facts.setting} ${written(facts, valueMs)}`, lines };
}

/** The close is not announced, so the LB may still take the connection for an open one: every request is a race. */
function keepAlive(question: Question, facts: ServerFacts | null): Omit<Advice, "source"> {
  const { lbIdleMs } = question;
  const seconds = keepForMs(lbIdleMs) / 1000;
  const headline = `${who(question)}: turn keep-alive on, for ${seconds} s, or announce each close with "Connection: close"`;
  const general = [
    `# keep connections open after an answer, longer than the LB's ${lbIdleMs / 1000} s: ${seconds} s`,
    "# or send Connection: close with each answer: the LB then reuses none (RFC 9112, 9.6)",
  ];
  if (facts?.closesAtOnce == null) return { headline, lines: general };
  const known = [...fill(facts.closesAtOnce, keepForMs(lbIdleMs)), ...notes(facts, lbIdleMs)];
  return { headline, lines: question.software?.sure ? known : [...known, ...general] };
}

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

function beyondMax({ max }: ServerFacts, lbIdleMs: number): string[] {
  return max !== null && keepForMs(lbIdleMs) > max.s * 1000 ? [`# ${max.meaning}`] : [];
}

function notes(facts: ServerFacts, lbIdleMs: number): string[] {
  return fill(facts.notes, keepForMs(lbIdleMs)).map((note) => `# ${note}`);
}

function hint(idleCloseMs: number | null): string[] {
  const titles = idleCloseMs === null ? [] : closesByDefaultAt(idleCloseMs).map(({ title }) => title);
  const at = `${((idleCloseMs ?? 0) / 1000).toFixed(1)} s`;
  return titles.length === 0
    ? []
    : [`# ${at} is the default of: ${titles.join(", ")}; docs/fixes.md has their settings`];
}
