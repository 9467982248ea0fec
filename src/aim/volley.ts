import type { ProbeSummary } from "../probe/summarise.ts";
import type { Attempt } from "../record/attempt.ts";
import type { AppRequest } from "../record/request.ts";
import type { WindowKind } from "../record/result.ts";

/** What is fired at every stage, however its moment is found. */
export interface AimSettings {
  /** k6 users = LB nodes = pooled connections, of each stage. */
  users: number;
  /** Aimed requests per user. */
  rounds: number;
  request: AppRequest;
  /** "200", "2xx": what the target answers with when all is well. */
  okStatus: readonly string[];
  /** The round trip between LB and target as measured, ms. */
  rttMs: number;
  /** The longest to wait for the target's idle close, ms. */
  maxWaitMs: number;
  /** What to say when the target has closed nothing by then; " after 61 s" follows. */
  neverClosed: string;
  /** The bundled scenario: at-close.ts where the close is heard, aimed.ts by the clock. */
  bundle: string;
  /** Whether each k6 writes its web dashboard where its stage says. */
  dashboard: boolean;
}

/** What people are told along the way. */
export interface AimListener {
  /** An idle period began; `expectedMs` is null while its length is unknown. */
  waiting(round: number, expectedMs: number | null): void;
  /** When the first stage's target closed; null when it did not before the LB's own idle timeout. */
  measured(closesMs: readonly number[] | null): void;
  /** @param how how the moment was found, in words */
  fired(round: number, attempts: readonly Attempt[], how: string): void;
}

/** What was fired at the stages. */
export interface Aimed {
  /** One per stage, in the given order. */
  volleys: Volley[];
  /** Where the requests were aimed: one for each round by the clock, at most one where the close is heard. */
  windows: AimedWindow[];
}

/** What was fired at one stage. */
export interface Volley {
  name: string;
  attempts: Attempt[];
  probe: ProbeSummary;
  /** Users whose connection could not be aimed at, and why. */
  out?: readonly { user: number; why: string }[];
}

/** The idle gaps that requests were aimed at, ms, and how those were found. */
export interface AimedWindow {
  fromMs: number;
  toMs: number;
  kind: WindowKind;
  /** How, in words. */
  source: string;
}
