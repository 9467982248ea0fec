import { errorLine } from "../../probe/first-line.ts";
import type { ProbeListener } from "../../probe/probe-target.ts";
import { pathOnly } from "../../record/request.ts";
import { measured, setting } from "../../record/units.ts";
import { createCountdown } from "../../run/countdown.ts";
import type { Run } from "../../run/run.ts";
import type { ProbeOptions } from "./options.ts";

/** Tells what happens while a probe runs: which server it met, a countdown while the connections are idle, their closes. */
export function narrate(run: Run, { url, request, profile, lbIdleMs }: ProbeOptions): ProbeListener {
  const { progress } = run;
  const countdown = createCountdown(run);
  let closes = false;
  return {
    met(first, software) {
      const { httpVersion, status, announcedClose } = first;
      closes = announcedClose;
      const what = software === null ? "" : `${software.sure ? "" : "probably "}${software.title}, `;
      progress.line(
        `target: ${url.origin} answers ${status} to ${request.method} ${pathOnly(request.path)} (${what}HTTP/${httpVersion})${errorLine(first, request)}`,
      );
      if (url.protocol === "https:") progress.line("https: certificate not verified, as an ALB does not");
      progress.line(`LB: ${profile.title}, idle timeout ${setting(lbIdleMs)}`);
    },
    slow(connections, maxWaitMs) {
      progress.line(`still opening ${connections} connections: it answers slowly, or serves one at a time`);
      countdown.start("opening connections, at most", maxWaitMs);
    },
    idle(connections, maxWaitMs) {
      countdown.stop();
      if (closes) return;
      const atMost = `${Math.round(maxWaitMs / 1000)} s`;
      progress.line(`${connections} connections are idle: until the target closes them, or for ${atMost} at most`);
      countdown.start(`${connections} connections are idle, at most`, maxWaitMs);
    },
    over({ connections, closed, idleCloseMs, minMs, spreadMs, watchedMs, announcedClose }) {
      countdown.stop();
      if (announcedClose) return;
      const closeMs = idleCloseMs ?? minMs;
      progress.line(
        closeMs === null
          ? `${connections} of ${connections} still open after ${measured(watchedMs)}`
          : `${closed} of ${connections} closed, after ${measured(closeMs)}, within ${measured(spreadMs ?? 0)}`,
      );
    },
  };
}
