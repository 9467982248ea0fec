import type { AlbEntry } from "../../src/alb-log/fields.ts";
import { parseAlbLine } from "../../src/alb-log/parse.ts";

/**
 * AWS's own example lines, each on one line:
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html#access-log-entry-examples
 * The page as of 2018 (awsdocs/elb-application-load-balancers-user-guide), when there were 25 fields.
 */
const LB = "app/my-loadbalancer/50dc6c495c0c9188";
const GROUP = "arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/my-targets/73e2d6bc24d8a067";
const CERT = "arn:aws:acm:us-east-2:123456789012:certificate/12345678-1234-1234-1234-123456789012";
const TIMES = "2018-07-02T22:22:48.364000Z";

export const DOCUMENTED = {
  http: `http 2018-07-02T22:23:00.186641Z ${LB} 192.168.131.39:2817 10.0.0.1:80 0.000 0.001 0.000 200 200 34 366 "GET http://www.example.com:80/ HTTP/1.1" "curl/7.46.0" - - ${GROUP} "Root=1-58337262-36d228ad5d99923122bbe354" "-" "-" 0 ${TIMES} "forward" "-" "-"`,
  https: `https 2018-07-02T22:23:00.186641Z ${LB} 192.168.131.39:2817 10.0.0.1:80 0.086 0.048 0.037 200 200 0 57 "GET https://www.example.com:443/ HTTP/1.1" "curl/7.46.0" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 ${GROUP} "Root=1-58337281-1d84f3d73c47ec4e58577259" "www.example.com" "${CERT}" 1 ${TIMES} "authenticate,forward" "-" "-"`,
  h2: `h2 2018-07-02T22:23:00.186641Z ${LB} 10.0.1.252:48160 10.0.0.66:9000 0.000 0.002 0.000 200 200 5 257 "GET https://10.0.2.105:773/ HTTP/2.0" "curl/7.46.0" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 ${GROUP} "Root=1-58337327-72bd00b0343d75b906739c42" "-" "-" 1 ${TIMES} "redirect" "https://example.com:80/" "-"`,
  ws: `ws 2018-07-02T22:23:00.186641Z ${LB} 10.0.0.140:40914 10.0.1.192:8010 0.001 0.003 0.000 101 101 218 587 "GET http://10.0.0.30:80/ HTTP/1.1" "-" - - ${GROUP} "Root=1-58337364-23a8c76965a2ef7629b185e3" "-" "-" 1 ${TIMES} "forward" "-" "-"`,
  wss: `wss 2018-07-02T22:23:00.186641Z ${LB} 10.0.0.140:44244 10.0.0.171:8010 0.000 0.001 0.000 101 101 218 786 "GET https://10.0.0.30:443/ HTTP/1.1" "-" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 ${GROUP} "Root=1-58337364-23a8c76965a2ef7629b185e3" "-" "-" 1 ${TIMES} "forward" "-" "-"`,
  lambda: `http 2018-11-30T22:23:00.186641Z ${LB} 192.168.131.39:2817 - 0.000 0.001 0.000 200 200 34 366 "GET http://www.example.com:80/ HTTP/1.1" "curl/7.46.0" - - ${GROUP} "Root=1-58337364-23a8c76965a2ef7629b185e3" "-" "-" 0 2018-11-30T22:22:48.364000Z "forward" "-" "-"`,
  lambdaFailed: `http 2018-11-30T22:23:00.186641Z ${LB} 192.168.131.39:2817 - 0.000 0.001 0.000 502 - 34 366 "GET http://www.example.com:80/ HTTP/1.1" "curl/7.46.0" - - ${GROUP} "Root=1-58337364-23a8c76965a2ef7629b185e3" "-" "-" 0 2018-11-30T22:22:48.364000Z "forward" "-" "LambdaInvalidResponse"`,
} as const;

/** The first of them in the 34 fields of 2026. */
export const CURRENT = `${DOCUMENTED.http} "10.0.0.1:80" "200" "-" "-" TID_1234abcd5678ef90 "-" "-" "-" 198.51.100.1`;

/** AWS's example of a target that closed with a request outstanding, https://repost.aws/knowledge-center/elb-alb-troubleshoot-502-errors */
export const CLOSED = `http 2022-04-15T16:52:50.757968Z ${LB} 192.168.131.39:2817 10.0.0.1:80 0.001 4.205 -1 502 - 94 326 "GET http://example.com:80 HTTP/1.1" "curl/7.51.0" - - ${GROUP} "Root=1-58337262-36d228ad5d99923122bbe354"`;

/** A 502 with the given times, status of the target, path and moment, at one of the targets. */
export function lineOf({
  times = "0.000 0.002 -1",
  status = "502",
  targetStatus = "-",
  target = "10.0.0.1:3000",
  path = "/orders",
  time = "2026-11-20T10:00:00.000000Z",
  agent = "k6",
} = {}): string {
  return `https ${time} ${LB} 192.0.2.1:2817 ${target} ${times} ${status} ${targetStatus} 723 679 "GET https://shop.example:443${path} HTTP/1.1" "${agent}" - - ${GROUP} "-" "-" "-" 0 ${time} "forward" "-" "-" "${target}" "${targetStatus}" "-" "-" - "-" "-" "-"`;
}

/** The same as an object. */
export function entryOf(fields: Parameters<typeof lineOf>[0] = {}): AlbEntry {
  const parsed = parseAlbLine(lineOf(fields));
  if ("malformed" in parsed) throw new Error(parsed.malformed);
  return parsed.entry;
}
