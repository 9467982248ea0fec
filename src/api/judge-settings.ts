import { keepForMs } from "../advice/value.ts";
import { againstLb } from "../probe/against-lb.ts";
import { measured, setting } from "../record/units.ts";
import type { ProbeVerdict } from "../verdict/judge-probe.ts";
import { bufferUnknown, type Foretold } from "./foretell.ts";
import type { ServerSettings } from "./server-settings.ts";

/** What the settings alone come to. `reasons` are whole sentences, the weightiest first, never empty. */
export interface SettingsJudgement {
  verdict: ProbeVerdict;
  reasons: string[];
  /** A line to paste; null where nothing has to be changed, or no line is known. */
  fix: string | null;
}

/** The LB that the settings are held against. */
export interface AgainstWhich {
  /** "AWS Application Load Balancer" */
  title: string;
  idleTimeoutMs: number;
  rttMs: number;
}

/** Holds a foretold close against the LB's idle timeout, as a probe's measured ones are. */
export function judgeSettings(settings: ServerSettings, foretold: Foretold, lb: AgainstWhich): SettingsJudgement {
  const fix = `server.keepAliveTimeout = ${grouped(keepForMs(lb.idleTimeoutMs))};`;
  if (foretold.doubt !== null) return { verdict: "inconclusive", reasons: [foretold.doubt], fix };
  const { idleCloseMs, by } = foretold;
  const notes = notesOn(settings);
  const keeps = `the LB (${lb.title}) keeps them ${setting(lb.idleTimeoutMs)}`;
  if (idleCloseMs === null) {
    return {
      verdict: "safe",
      reasons: [`No idle connection is closed (${by}); ${keeps}, and closes first.`, ...notes, SETTINGS_ONLY],
      fix: null,
    };
  }
  const closes = `Node closes idle connections after ${measured(idleCloseMs)} (${by}); ${keeps}`;
  switch (against(idleCloseMs, lb)) {
    case "outlives":
      return { verdict: "safe", reasons: [`${closes}, and closes first.`, ...notes, SETTINGS_ONLY], fix: null };
    case "tie":
      return {
        verdict: "vulnerable",
        reasons: [`${closes}: too near to each other, either may close first, so it can lose requests.`, ...notes],
        fix,
      };
    default:
      return { verdict: "vulnerable", reasons: [`${closes}: it can lose requests.`, ...unit(settings), ...notes], fix };
  }
}

/** As probe and check judge ten connections that all close then: one place says what is too near. */
const against = (idleCloseMs: number, { idleTimeoutMs, rttMs }: AgainstWhich) =>
  againstLb(
    {
      ...{ connections: 10, closed: 10, idleCloseMs, minMs: idleCloseMs, maxMs: idleCloseMs, spreadMs: 0 },
      ...{ endedBy: { fin: 10, rst: 0 }, claimedMs: null, announcedClose: false, server: null, poweredBy: null },
      ...{ httpVersion: "1.1", status: 200, watchedMs: idleCloseMs, closesBy: "idle", stepMs: 0 },
      ...{ begunOverMs: 2000, busy: null },
    },
    idleTimeoutMs,
    rttMs,
  );

/** Behind an ALB nobody means a tenth of a second. */
const unit = ({ keepAliveTimeoutMs: ms }: ServerSettings): string[] =>
  ms > 0 && ms < 1000 ? [`keepAliveTimeout takes milliseconds: ${ms} is ${ms} ms, not ${ms} s.`] : [];

function notesOn(settings: ServerSettings): string[] {
  const { maxRequestsPerSocket: most } = settings;
  const limit =
    most !== null && most > 0
      ? `maxRequestsPerSocket is ${most}: Node announces the end of a connection with its last answer, which is no race.`
      : null;
  return [bufferUnknown(settings), limit].filter((note) => note !== null);
}

const SETTINGS_ONLY =
  "It rests on the server's settings alone: not seen are sockets whose timeouts the app changes itself, and a proxy in front of it; { wire: true } asks the wire.";

/** 65_000, as one reads it. */
const grouped = (ms: number): string => `${ms}`.replace(/(?<=\d)(?=(\d{3})+$)/g, "_");
