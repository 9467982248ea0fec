// Ordinary traffic, at which nobody aims: each user keeps to one LB node and sends as SHAPE says. How many of its requests
// meet a close by chance is what docs/model.md predicts.
import exec from "k6/execution";
import { Counter } from "k6/metrics";
import { nowMs, waitUntil } from "./k6/clock.ts";
import { closeHarness } from "./k6/close-harness.ts";
import { ownRequest } from "./k6/harness.ts";
import { harnessParams } from "./k6/harness-params.ts";
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
  // The LB's log counts what is lost: k6's transport repeats some requests unseen. Here only: no pass without a sample.
  thresholds: { "http_reqs{name:lb}": ["count>=1"] },
};

const params = harnessParams(settings.tokenFile);

export default function organic(): void {
  const user = exec.vu.idInTest - 1;
  const { url, method, harnessUrl } = settings;
  const asked =
    harnessUrl === null ? ownRequest(method) : closeHarness({ harnessUrl, runName: "organic" }, user, params).request();
  const route = { url, ...asked };
  const next: NextGap = createArrivals(settings, seeded(settings.seed * 1000 + user));
  const endMs = settings.durationS * 1000;
  const atMost = settings.requests ?? Number.POSITIVE_INFINITY;
  for (let n = 0; n < atMost; n++) {
    const atMs = nowMs() + next(nowMs());
    if (atMs > endMs) return;
    waitUntil(atMs, 0);
    const { status, fromLb } = lbRequest(route, user, `organic-${user}-${n}`);
    if (fromLb && status === 502) lost.add(1);
  }
}
