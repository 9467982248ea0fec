import type { AimListener } from "../../aim/volley.ts";
import { setting } from "../../record/units.ts";
import { createCountdown } from "../../run/countdown.ts";
import type { Progress } from "../../run/progress.ts";
import type { Run } from "../../run/run.ts";
import type { Runtime } from "../../stage/stage.ts";
import { closesLine } from "../closes-line.ts";
import { FIXES } from "./fixes.ts";
import type { DemoOptions } from "./options.ts";

/** Says which parts are running. */
export function announceStages(progress: Progress, { parts, targetNode }: Runtime, options: DemoOptions): void {
  progress.line(
    `LB: HAProxy ${parts.haproxy.version}, ${options.nodes} nodes, idle timeout ${setting(options.lbIdleMs)}; ` +
      `network: Toxiproxy ${parts.toxiproxy.version}, ${setting(options.rttMs)} round trip; ` +
      `target: Express on Node ${targetNode}; traffic: k6 ${parts.k6.version}`,
  );
  progress.line(`before: the target as it comes; after: ${FIXES[options.fix].what}`);
}

/** Tells what happens while the traffic runs: a countdown per idle period, a line per round. */
export function narrate(run: Run, { rounds, aim }: DemoOptions): AimListener {
  const { progress } = run;
  const countdown = createCountdown(run);
  return {
    waiting(round, expectedMs) {
      if (round === 0)
        progress.line(
          aim === "close"
            ? "probing and aiming in one: the connections are idle until the target closes them"
            : "probing when the target closes idle connections; those of the aimed requests go idle meanwhile",
        );
      countdown.start(`round ${round + 1} of ${rounds}: connections are idle`, expectedMs);
    },
    measured(closesMs) {
      if (closesMs === null) return; // the demo gives up before
      countdown.stop();
      progress.line(`the target ${closesLine(closesMs)}`);
    },
    fired(round, attempts) {
      countdown.stop();
      const lost = attempts.filter(({ outcome }) => outcome === "lost").length;
      progress.line(`round ${round + 1} of ${rounds}: ${lost} of ${attempts.length} requests lost before the fix`);
    },
  };
}
