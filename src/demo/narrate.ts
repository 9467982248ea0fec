import { median } from "../../scenarios/lib/median.ts";
import type { AimListener } from "../aim/lead-rounds.ts";
import type { Progress } from "../cli/progress.ts";
import type { Run } from "../cli/run.ts";
import type { Part, PartName } from "../parts/part.ts";
import { setting } from "../report/format.ts";
import { FIXES } from "./fixes.ts";
import type { DemoOptions } from "./options.ts";

/** Says what stands on the stage. */
export function announceStages(progress: Progress, parts: Record<PartName, Part>, options: DemoOptions): void {
  progress.line(
    `LB: HAProxy ${parts.haproxy.version}, ${options.nodes} nodes, idle timeout ${setting(options.lbIdleMs)}; ` +
      `network: Toxiproxy ${parts.toxiproxy.version}, ${setting(options.rttMs)} round trip; ` +
      `target: Express on Node ${process.versions.node}; traffic: k6 ${parts.k6.version}`,
  );
  progress.line(`before: the target as it comes; after: ${FIXES[options.fix].what}`);
}

/** Tells what happens while the traffic runs: a countdown per idle period, a line per round. */
export function narrate({ progress, defer }: Run, { rounds }: DemoOptions): AimListener {
  let ticking: NodeJS.Timeout | undefined;
  const stopTicking = () => {
    clearInterval(ticking);
    progress.transient("");
  };
  defer(stopTicking);
  return {
    waiting(round, expectedMs) {
      const what = `round ${round + 1} of ${rounds}: connections are idle`;
      const began = performance.now();
      const tick = () => {
        const elapsedMs = performance.now() - began;
        const clock = expectedMs === null ? `for ${seconds(elapsedMs)}` : `${seconds(expectedMs - elapsedMs)} to go`;
        progress.transient(`${what}, ${clock}`);
      };
      if (round === 0)
        progress.line("probing when the target closes idle connections; those of the aimed requests go idle meanwhile");
      tick();
      ticking = setInterval(tick, 1000);
    },
    measured(closesMs) {
      const sorted = [...closesMs].sort((a, b) => a - b);
      stopTicking();
      const spreadMs = (sorted.at(-1)! - sorted[0]!).toFixed(1);
      progress.line(`the target closes them after ${(median(sorted) / 1000).toFixed(3)} s, within ${spreadMs} ms`);
    },
    fired(round, attempts) {
      stopTicking();
      const lost = attempts.filter(({ outcome }) => outcome === "lost").length;
      progress.line(`round ${round + 1} of ${rounds}: ${lost} of ${attempts.length} requests lost before the fix`);
    },
  };
}

const seconds = (ms: number): string => `${Math.max(0, Math.round(ms / 1000))} s`;
