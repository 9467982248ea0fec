import { errorLine } from "../../probe/first-line.ts";
import type { ProbeListener } from "../../probe/probe-target.ts";
import { pathOnly } from "../../record/request.ts";
import { measured, setting } from "../../record/units.ts";
import { createCountdown } from "../../run/countdown.ts";
import type { Run } from "../../run/run.ts";
import type { ProbeOptions } from "./options.ts";

/** Tells what happens while a probe runs: which server it met, a countdown while the connections are idle, their closes. */
export function narrate(run: Run, { url, request, profile, lbIdleMs, connections }: ProbeOptions): ProbeListener {
  const { progress } = run;
  const countdown = createCountdown(run);
  let closes = false;
  return {
    met(first, software, tookMs) {
      const { httpVersion, status, announcedClose } = first;
      closes = announcedClose;
      const what = software === null ? "" : `${software.sure ? "" : "probably "}${software.title}, `;
      progress.line(
        `target: ${url.origin} answers ${status} to ${request.method} ${pathOnly(request.path)} (${what}HTTP/${httpVersion})${errorLine(first, request)}`,
      );
      if (url.protocol === "https:") progress.line("https: certificate not verified, as an ALB does not");
      progress.line(`LB: ${profile.title}, idle timeout ${setting(lbIdleMs)}`);
      if (tookMs >= SLOW_ROUTE_MS) {
        const seconds = Math.ceil((Math.min(110 * tookMs, 3000 + tookMs) + connections * tookMs) / 1000);
        progress.line(
          `it took ${measured(tookMs)} to answer: about ${seconds} s until all connections are idle; a faster --path is probed sooner`,
        );
      }
    },
    slow(opened, maxWaitMs) {
      progress.line(`still opening ${opened} connections: it answers slowly, or serves one at a time`);
      countdown.start("opening connections, at most", maxWaitMs);
    },
    idle(opened, maxWaitMs) {
      countdown.stop();
      if (closes) return;
      const atMost = `${Math.round(maxWaitMs / 1000)} s`;
      progress.line(`${opened} connections are idle: until the target closes them, or for ${atMost} at most`);
      countdown.start(`${opened} connections are idle, at most`, maxWaitMs);
    },
    over({ connections: seen, closed, idleCloseMs, minMs, spreadMs, watchedMs, announcedClose }) {
      countdown.stop();
      if (announcedClose) return;
      const closeMs = idleCloseMs ?? minMs;
      progress.line(
        closeMs === null
          ? `${seen} of ${seen} still open after ${measured(watchedMs)}`
          : `${closed} of ${seen} closed, after ${measured(closeMs)}, within ${measured(spreadMs ?? 0)}`,
      );
    },
  };
}

const SLOW_ROUTE_MS = 200;
