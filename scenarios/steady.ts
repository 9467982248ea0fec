// Ordinary traffic, which hardly ever meets the instant: the k6 test of an article, as it stands there
// (docs/how-it-works.md). What the aimed scenario is compared with.
import { check, sleep } from "k6";
import http from "k6/http";
import { Counter } from "k6/metrics";
import { baseUrl } from "./lib/options.ts";

const url = baseUrl(__ENV);
const timeouts = new Counter("response_timeout");
const serverErrors = new Counter("response_5xx");

export const options = {
  scenarios: { steady: { executor: "constant-vus", vus: 20, duration: __ENV.DURATION || "2m" } },
  thresholds: {
    http_req_failed: ["rate<0.001"],
    // The article's threshold alone passes over no samples.
    http_reqs: ["count>=1"],
  },
};

export default function steady(): void {
  const response = http.get(url);
  check(response, { "status is 200": ({ status }) => status === 200 });
  if (response.status === 0) timeouts.add(1);
  if (response.status >= 500) serverErrors.add(1);
  sleep(1);
}
