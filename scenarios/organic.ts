// Ordinary traffic, at which nobody aims: each user keeps to one LB node and sends as SHAPE says. How many of its requests
// meet a close by chance is what docs/model.md predicts.
import exec from "k6/execution";
import { Counter } from "k6/metrics";
import { nowMs, waitUntil } from "./k6/clock.ts";
import { lbRequest } from "./k6/lb-request.ts";
import { createArrivals, type NextGap, seeded } from "./lib/arrivals.ts";
import { readOrganicOptions } from "./lib/options.ts";

const settings = readOrganicOptions(__ENV);
const lost = new Counter("lb_502");

export const options = {
  scenarios: {
    organic: {
      executor: "per-vu-iterations",
      vus: settings.users,
      iterations: 1,
      maxDuration: `${settings.durationS + 60}s`,
    },
  },
};

const route = {
  url: settings.url,
  request: { method: settings.method, path: "/", headers: [], body: settings.method === "POST" ? "alb502" : null },
  okStatus: ["2xx"],
};

export default function organic(): void {
  const user = exec.vu.idInTest - 1;
  const next: NextGap = createArrivals(settings, seeded(settings.seed * 1000 + user));
  const endMs = settings.durationS * 1000;
  for (let n = 0; ; n++) {
    const atMs = nowMs() + next(nowMs());
    if (atMs > endMs) return;
    waitUntil(atMs, 0);
    const { status, fromLb } = lbRequest(route, user, `organic-${user}-${n}`);
    if (fromLb && status === 502) lost.add(1);
  }
}
