import type { Result } from "../record/result.ts";
import { measured } from "../record/units.ts";
import type { Foretold } from "./foretell.ts";
import type { SettingsJudgement } from "./judge-settings.ts";

/**
 * The settings' judgement, once the wire was asked. What was measured outweighs what was foretold; but "safe" takes both, or
 * a reason on the wire why the settings do not matter.
 */
export function heldAgainstWire(judged: SettingsJudgement, foretold: Foretold, wire: Result): SettingsJudgement {
  const verdict = wire.verdict as SettingsJudgement["verdict"]; // a probe's are these three
  const agreement = agreementOf(foretold, wire);
  const fix = verdict === "safe" ? null : judged.fix;
  if (verdict === "safe" && judged.verdict === "vulnerable" && wire.probe.kind !== "announces-close") {
    const contradiction =
      "The settings say that the server closes before the LB does, and the wire did not show that: something sets the timeouts of single sockets, or another server answered.";
    return { verdict: "inconclusive", reasons: [contradiction, ...wire.reasons, ...judged.reasons], fix: judged.fix };
  }
  return { verdict, reasons: [...wire.reasons, agreement], fix };
}

function agreementOf(foretold: Foretold, { probe }: Result): string {
  const closeMs = probe.idleCloseMs;
  if (foretold.doubt !== null) return `Its settings alone did not tell: ${foretold.doubt}`;
  const { idleCloseMs: foretoldMs, by } = foretold;
  const words = foretoldMs === null ? `never (${by})` : `after ${measured(foretoldMs)} (${by})`;
  if (closeMs === null) {
    const agrees = probe.minMs === null && (foretoldMs === null || foretoldMs > (probe.watchedMs ?? 0));
    return `The settings foretell a close ${words}; ${agrees ? "the wire agrees as far as it was watched" : "the wire showed another"}: ${probe.outcome}.`;
  }
  const agrees = foretoldMs !== null && Math.abs(closeMs - foretoldMs) <= AGREES_MS;
  return `The settings foretell a close ${words}; the wire ${agrees ? "agrees" : "says otherwise"}: after ${measured(closeMs)}.`;
}

/** Timers are late where a test suite keeps the loop busy; the hidden second is far more than that. */
const AGREES_MS = 400;
