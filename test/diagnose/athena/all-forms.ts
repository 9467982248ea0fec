/**
 * Lines in every form that is known of an ALB's access log, put together at random, always the same for the same number:
 * each year's number of fields, each type, targets and clients of either IP version or none, quotes, blanks and bytes
 * that a client can send in each field that it can write to, every cause on both sides of its limits, and lines that are
 * none. As UTF-16 text; the file is UTF-8.
 */
export function* allForms(count: number, seed = 502): Generator<string> {
  const random = randomNumbers(seed);
  const one = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)]!;
  for (let i = 0; i < count; i++) {
    const line = lineOf(one, random);
    yield random() < 0.03 ? broken(line, one) : line;
  }
}

type One = <T>(choices: readonly T[]) => T;

function lineOf(one: One, random: () => number): string {
  const atMs = START_MS + Math.floor(random() * 30 * 86_400_000);
  const tookMs = one([
    0, 1, 2, 500, 4_000, 9_000, 9_500, 9_999, 10_000, 10_001, 10_400, 11_000, 12_000, 15_000, 60_000,
  ]);
  const target = one(TARGETS);
  const failed = random() < 0.7;
  const status = failed
    ? one(["500", "501", "502", "502", "502", "502", "503", "503", "504", "504", "505", "561"])
    : one(["200", "200", "301", "404", "460", "463", "101", "-"]);
  const targetStatus = failed ? one(["-", "-", "-", "-", "-", "-", status, "200", "500", "599"]) : one([status, "-"]);
  const fields = [
    one(["http", "https", "h2", "grpcs", "ws", "wss"]),
    iso(atMs, one),
    one(["app/my-loadbalancer/50dc6c495c0c9188", "app/a.b-c/0"]),
    one(["192.0.2.1:2817", "2001:db8::8a2e:370:7334:52416", "[2001:db8::1]:443", "-"]),
    target,
    failed ? one(TIMES) : one(["0.000 0.003 0.000", "0.001 12.345 0.002", "-1 -1 -1", "0.000 - -"]),
    status,
    targetStatus,
    one(["0", "34", "1048576", "-"]),
    one(["0", "366", "4294967297"]),
    `"${one(REQUESTS)}"`,
    `"${one(TEXTS)}"`,
    one(["-", "ECDHE-RSA-AES128-GCM-SHA256", "TLS_AES_128_GCM_SHA256"]),
    one(["-", "TLSv1.2", "TLSv1.3"]),
    one(["-", "arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/my-targets/73e2d6bc24d8a067"]),
    // Later than 2016.
    `"${one(["-", "Root=1-58337262-36d228ad5d99923122bbe354", "Self=1-67891234-12456789abcdef012345678;Root=1-1;a=\\x22b", one(TEXTS)])}"`,
    `"${one(["-", "www.example.com", "xn--mnchen-3ya.example", one(TEXTS)])}"`,
    `"${one(["-", "session-reused", "arn:aws:acm:us-east-2:123456789012:certificate/12345678-1234-1234-1234-123456789012"])}"`,
    one(["0", "1", "50000", "-1", "-"]),
    iso(atMs - tookMs, one),
    `"${one(ACTIONS)}"`,
    `"${one(["-", "https://example.com:80/", "https://example.com/a b  c?d=e f", one(TEXTS)])}"`,
    `"${one(["-", "-", "-", "-", one(REASONS)])}"`,
    `"${target === "-" ? "-" : one([target, `${target} 10.0.0.9:80`])}"`,
    `"${one([targetStatus, `${targetStatus} 200`, "- -"])}"`,
    `"${one(["-", "Acceptable", "Ambiguous", "Severe"])}"`,
    `"${one(["-", "UndefinedContentLengthSemantics", "AmbiguousUri"])}"`,
    one(["-", "TID_1234abcd5678ef90", "TID_3180a73013c8ca4bac2f731159d4b0fe"]),
    `"${one(["-", "internal.example", one(TEXTS)])}"`,
    `"${one(["-", "/v2/a b", one(TEXTS)])}"`,
    `"${one(["-", "TransformSuccess", "TransformBufferTooSmall"])}"`,
    one(["10.0.0.9", "2001:db8::9", "-"]),
    // Not known yet.
    one(["-", '"a new one"', "new", '"- "']),
    one(["-", '""']),
    "-",
  ];
  return fields.slice(0, one(LENGTHS)).join(" ");
}

const START_MS = Date.parse("2026-10-31T00:00:00Z");

/** To the microsecond, as ALBs write it; the last three digits are no ms. */
const iso = (ms: number, one: One): string =>
  `${new Date(ms).toISOString().slice(0, -1)}${one(["000", "499", "999"])}Z`;

const TARGETS = ["10.0.0.1:3000", "10.0.0.2:80", "[2001:db8::2]:8080", "2001:db8::2:8080", "-"];

/** Request, target and response, on both sides of each limit. */
const TIMES = [
  ...["-1 -1 -1", "-1 -1 -1", "-1 -1 -1", "-1 0.001 -1", "0.000 -1 -1", "0.001 -1 -1", "0.000 - -1", "- - -"],
  ...["0.000 0.000 -1", "0.000 0.002 -1", "0.001 0.025 -1", "0.001 0.026 -1", "0.000 0.1 -1", "0.000 0.100 -1"],
  ...["0.000 0.101 -1", "0.000 1.000 -1", "0.000 1.001 -1", "0.001 4.205 -1", "0.000 59.999 -1"],
  ...["0.000 0.002 0.000", "0.000 0.002 0.001", "0.000 0.002 -"],
];

/** What a client can put where its text is logged. ALBs write \x22; the rest is what others have made of such logs. */
const TEXTS = [
  ...["-", "", "curl/8.0", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0"],
  ...[
    "a \\x22b\\x22 c",
    'a \\"b\\" c',
    'a \\" b',
    'stray "quotes"here',
    'two ""x',
    "back\\\\",
    'back\\\\\\" x',
    "C:\\dir\\",
  ],
  ...["café 日本", "next\u0085line\u2028and\u2029more", "tab\there", "$(id) {{x}}", "'; DROP TABLE x; --", "<script>"],
  ...["::set-output name=x::y", "=1+1", "\u001b[31mred", "'", "%s %00 %", "a  b", " "],
].filter((text) => !/(?<!\\)(\\\\)*\\$/.test(text)); // an odd backslash at the end would escape the field's own quote

const REQUESTS = [
  ...["GET https://shop.example:443/ HTTP/1.1", "POST https://shop.example:443/a/1?b=c&d HTTP/2.0", "- - - "],
  ...[
    "GET http://h:80/a b c HTTP/1.1",
    "GET http://h:80/a?b=c d  e HTTP/1.1",
    "- http://h:80- -",
    "GET /",
    "GET",
    "-",
    "",
  ],
  ...["GET http://h:80/\\x22x\\x22 HTTP/1.1", 'GET http://h:80/\\"x\\" y HTTP/1.1', 'GET http://h:80/"x"y HTTP/1.1'],
  ...["OPTIONS * HTTP/1.1", "GET http://[2001:db8::1]:80/ HTTP/1.1", "G\\x22T http://h:80/ HTTP/1.1", "  "],
  ...[
    "GET wss://h:443/socket HTTP/1.1",
    "POST https://h:443/pkg.Service/Call HTTP/2.0",
    "GET http://h:80/é日本 HTTP/1.1",
  ],
];

const ACTIONS = [
  ...["forward", "forward", "forward", "-", "fixed-response", "redirect", "waf", "waf,forward", "waf,fixed-response"],
  ...["authenticate", "authenticate,forward", "authenticate,fixed-response", "waf-failed", "url-rewrite,forward"],
  ...["jwt-validation,forward", "waf,authenticate,forward"],
];

const REASONS = [
  ...["LambdaUnhandled", "LambdaTimeout", "LambdaInvalidResponse", "AuthInvalidCookie", "AuthTokenEpRequestTimeout"],
  ...["WAFConnectionError", "WAFServiceError", "TargetResponseError", "AWSALBTGCookieInvalid", "JWTHeaderNotPresent"],
];

/** Elements of `fields`, of which one has three fields: 17 fields of 2016, 25 of 2018, 29, 30, 33, 34 and to 37. */
const LENGTHS = [15, 16, 18, 23, 27, 28, 31, 31, 31, 32, 32, 33, 34, 35];

function broken(line: string, one: One): string {
  const fields = line.split(" ");
  return one([
    "",
    "garbage",
    '"',
    fields.slice(0, 7).join(" "),
    fields.slice(0, 8).join(" "),
    fields.slice(0, 9).join(" "),
    `${fields.slice(0, 8).join(" ")} 5`,
    // As far as the LB's status, and on.
    line.slice(0, line.indexOf('"')),
    line.slice(0, line.indexOf('"') + 4),
    line.slice(0, line.indexOf('"') + 30),
    fields.slice(0, 10).join(" "),
    fields.slice(0, 11).join(" "),
    line.replace(/ \d{3} /, " 5o2 "),
    line.replace(/^\w+ \S+/, "http yesterday"),
    line.replace(/^\w+ /, "HTTP "),
    fields.slice(1).join(" "),
    "2023-10-04T17:05:15.514108Z 203.0.113.1 36280 443 TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256 4.036 - - - - TID_1",
    "tls 2.0 2018-12-20T02:59:40 net/my-network-loadbalancer/c6e77e28c25b2234 g3d4b5e8bb8464cd 72.21.218.154:51341 172.100.100.185:443 5 2 98 246 - arn - ECDHE TLSv1.2 - my.com - - -",
    '2015-05-13T23:39:43.945958Z my-loadbalancer 192.168.131.39:2817 10.0.0.1:80 0.000073 0.001048 0.000057 200 200 0 29 "GET http://www.example.com:80/ HTTP/1.1" "curl/7.38.0" - -',
  ]);
}

/** Mulberry32: the same numbers on every machine. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
