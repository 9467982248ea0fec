/**
 * Which log a line is of, where it is none of an ALB's access log; null where nobody knows. Named so that whoever gave
 * the wrong file, or a folder with more than one kind, reads what it is.
 */
export function otherLogOf(line: string): string | null {
  const start = line.slice(0, 600);
  return KINDS.find(([, test]) => test.test(start))?.[0] ?? null;
}

const TIME = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S*`;

/** The first that fits; each by what the others have not. */
const KINDS: readonly (readonly [name: string, test: RegExp])[] = [
  ["a Network Load Balancer's TLS log", /^(tls|tcp) [12]\.\d \d{4}-\d\d-\d\dT/],
  ["an ALB's connection log", new RegExp(`^${TIME}[ \\t,][\\d.a-fA-F:]+[ \\t,]\\d+[ \\t,]\\d+[ \\t,]`)],
  [
    "an ALB's health check log",
    new RegExp(`^"?\\w+"?[ \\t,]"?${TIME}"?[ \\t,]\\S+[ \\t,].{0,300}?\\b(PASS|FAIL)\\b`, "i"),
  ],
  [
    "a Classic Load Balancer's access log",
    new RegExp(`^${TIME} [\\w-]+ [\\d.a-fA-F:]+:\\d+ (-|[\\d.a-fA-F:]+:\\d+) -?[\\d.]+ -?[\\d.]+ `),
  ],
  [
    "a CloudFront access log",
    /^#Fields:.*\b(x-edge-location|cs-uri-stem)|^\d{4}-\d\d-\d\d[ \t]\d\d:\d\d:\d\d[ \t][A-Z]{3}\d/,
  ],
  ["a CloudFront access log", /^\{.*"(x-edge-location|cs-uri-stem)"/],
  ["a VPC flow log", /^\d (\d{12}|unknown) eni-|^(version )?account-id /],
  ["an S3 server access log", /^[\da-f]{64} \S+ \[\d\d\/\w{3}\/\d{4}:/],
  ["an AWS WAF log", /^\{.*"(webaclId|terminatingRuleId)"/],
  ["a CloudTrail log", /^\{.*"(eventVersion|Records)"/],
  ["a web server's access log (common or combined)", /^\S+ \S+ \S+ \[\d\d\/\w{3}\/\d{4}:/],
];

/** What S3 is sent when the log is turned on, as ELBAccessLogTestFile. */
export const isTestFile = (line: string): boolean =>
  /^Enable (Access|Connection|HealthCheck)Logs? for ELB:/i.test(line);
