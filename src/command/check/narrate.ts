import type { AimListener } from "../../aim/volley.ts";
import { duration } from "../../cli/values.ts";
import type { Part, PartName } from "../../parts/part.ts";
import type { Answer } from "../../probe/answer.ts";
import { errorLine } from "../../probe/first-line.ts";
import { pathOnly } from "../../record/request.ts";
import { measured, setting } from "../../record/units.ts";
import { createCountdown } from "../../run/countdown.ts";
import type { Progress } from "../../run/progress.ts";
import type { Run } from "../../run/run.ts";
import { closesLine } from "../closes-line.ts";
import type { CheckOptions } from "./options.ts";
import { mostRequests, STANDING, unusedProxy } from "./standing-lb.ts";

/** What the target answered to the first request. */
export function announceTarget({ line }: Progress, { target, request }: CheckOptions, first: Answer): void {
  line(
    `target: ${target.origin} answers ${first.status} to ${request.method} ${pathOnly(request.path)}${errorLine(first, request)}`,
  );
  if (target.protocol === "https:") line("its certificate is not verified, as an ALB does not either");
}

/** Says beforehand what a slow route costs. @param takesMs all that is sent one after the other, without the idle time */
export function announceSlow({ line }: Progress, tookMs: number, takesMs: number): void {
  if (tookMs < SLOW_ROUTE_MS) return;
  line(
    `it took ${measured(tookMs)} to answer: the requests alone take about ${Math.ceil(takesMs / 1000)} s, and the idle time comes on top; a faster --path is checked sooner`,
  );
}

const SLOW_ROUTE_MS = 200;

/** What stands in front of the target now. */
export function announceCheck({ line }: Progress, parts: Record<PartName, Part>, options: CheckOptions): void {
  const { profile, lbIdleMs, rttMs } = options;
  line(
    `LB: HAProxy ${parts.haproxy.version} as ${profile.title}, idle timeout ${setting(lbIdleMs)}; ` +
      `network: Toxiproxy ${parts.toxiproxy.version}, ${setting(rttMs)} round trip; traffic: k6 ${parts.k6.version}`,
  );
}

/** What is sent to an LB that was there already. */
export function announceThrough({ line }: Progress, k6: Part, options: CheckOptions, through: URL): void {
  const { target, lbIdleMs, request, insecure } = options;
  const { users, rounds } = STANDING;
  line(
    `LB: ${through.origin}, taken to keep idle connections ${setting(lbIdleMs)}; traffic: k6 ${k6.version}, ` +
      `at most ${mostRequests(request)} requests in ${rounds} bursts of ${users}; the probe goes to ${target.origin}`,
  );
  if (through.protocol === "https:") {
    line(insecure ? "its certificate is NOT verified (--insecure)" : "its certificate is verified");
  }
  const proxy = unusedProxy(through, process.env);
  if (proxy !== null) line(`${proxy} is set and not used: a proxy's own errors would count as the LB's`);
}

/** Tells what happens while the traffic runs: a countdown per idle period, a line per round. */
export function narrateCheck(run: Run, { lbIdleMs }: CheckOptions): AimListener {
  const { progress } = run;
  const countdown = createCountdown(run);
  return {
    waiting(round, expectedMs) {
      if (round === 0) {
        progress.line(`probing when the target closes idle connections: at most ${duration(lbIdleMs)}`);
      }
      countdown.start(`round ${round + 1}: connections are idle`, expectedMs);
    },
    measured(closesMs) {
      countdown.stop();
      progress.line(
        closesMs === null
          ? `the target keeps them as long as the LB does: aiming at the last moment before the LB's ${setting(lbIdleMs)}`
          : `the target ${closesLine(closesMs)}`,
      );
    },
    fired(round, attempts, how) {
      countdown.stop();
      const lost = attempts.filter(({ outcome }) => outcome === "lost").length;
      progress.line(`round ${round + 1} (aimed by: ${how}): ${lost} of ${attempts.length} requests lost`);
    },
  };
}
