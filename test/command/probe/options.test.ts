import assert from "node:assert/strict";
import { resolve } from "node:path";
import { test } from "node:test";
import { frameworkNamed } from "../../../src/advice/frameworks.ts";
import { loadProfile } from "../../../src/advice/profile.ts";
import { probeCommandLine } from "../../../src/command/probe/options.ts";
import { UsageError } from "../../../src/run/exit.ts";

test("A port alone means http on this machine, a GET of its root, an ALB's 60 s, ten connections, nothing kept.", () => {
  assert.deepEqual(probeCommandLine.parse(["3000"]), {
    json: false,
    out: null,
    url: new URL("http://localhost:3000/"),
    request: { method: "GET", path: "/", headers: [], body: null },
    profile: loadProfile("alb"),
    lbIdleMs: 60_000,
    okStatus: [],
    maxWaitMs: null,
    connections: 10,
    start: null,
    framework: null,
  });
});

test("Every option is read; --lb-idle counts before the profile's timeout, --path before the URL's.", () => {
  const argv = [
    ..."https://app.example/health?x=1 --profile gcp --lb-idle 30s --max-wait 2m --ok-status 401,4xx --connections 20".split(
      " ",
    ),
    ..."--method put --path /a?b --header X-Tag:1 --header Host:h --body text --out DIR --json --framework nestjs".split(
      " ",
    ),
    ..."--start-timeout 9s -- node app.js".split(" "),
  ];
  assert.deepEqual(probeCommandLine.parse(argv), {
    json: true,
    out: resolve("DIR"),
    url: new URL("https://app.example/health?x=1"),
    request: {
      method: "PUT",
      path: "/a?b",
      headers: [
        ["X-Tag", "1"],
        ["Host", "h"],
      ],
      body: "text",
    },
    profile: loadProfile("gcp"),
    lbIdleMs: 30_000,
    okStatus: ["401", "4xx"],
    maxWaitMs: 120_000,
    connections: 20,
    start: {
      command: ["node", "app.js"],
      cwd: process.cwd(),
      env: {},
      secrets: [],
      timeoutMs: 9000,
      reuseExistingServer: false,
      gracefulShutdown: { signal: "SIGTERM", timeoutMs: 5000 },
    },
    framework: frameworkNamed("nestjs"),
  });
  assert.equal(probeCommandLine.parse(["3000", "--profile", "gcp"])!.lbIdleMs, 600_000);
});

test("curl's -X, -H and -d are understood, and a path without its first slash.", () => {
  const argv = ["3000", "-X", "PUT", "-H", "X-Tag: 1", "-d", "text", "--path", "health"];
  assert.deepEqual(probeCommandLine.parse(argv)!.request, {
    method: "PUT",
    path: "/health",
    headers: [["X-Tag", "1"]],
    body: "text",
  });
});

test("Its help names the load balancers that there are.", () => {
  assert.match(probeCommandLine.help(), /alb, .*nginx/);
});

const bad: [argv: string, line: RegExp][] = [
  ["", /^no URL of your app was given; e\.g\. npm run probe -- http/],
  ["3000 3001", /^one URL is expected, and more came after it; quote what has blanks/],
  ["-- npm start", /^no port was given where your app will listen: .*; e\.g\. npm run probe -- 3000 -- npm start$/],
  ["-- java -jar app.jar", /^no port was given where your app will listen: /],
  ["-- ./mvnw spring-boot:run", /^no port was given/],
  ["-- ./start.sh", /^no port was given/],
  ["npm start", /^no port was given/],
  ["--json -- npm start", /^no port was given/],
  ["--start ./app", /^no port was given/],
  ["ftp://x", /^"ftp:\/\/x" is not an http or https URL/],
  ["3000 --profile albb", /^--profile albb: no such load balancer; choose one of alb, /],
  [
    "3000 --lb-idle 60",
    /^--lb-idle is "60" without a unit, expected a duration from 1s to 4000s; e\.g\. --lb-idle 60s$/,
  ],
  ["3000 --data x", /^unknown option '--data': it is --body here; npm run probe -- --help/],
  ["3000 -b a=b", /^unknown option '-b': give it as --header "Cookie: NAME=VALUE"; npm run probe -- --help/],
  ["3000 -k", /^unknown option '-k': your app's certificate is not verified anyway: leave it out; /],
  ["3000 --request PUT", /^unknown option '--request': it is --method here; /],
  ["3000 --max-wait 0", /^--max-wait is "0", expected a duration from 1s to 4000s; e\.g\. --max-wait 90s$/],
  ["3000 --connections 9", /^--connections is "9", expected a whole number from 10 to 100/],
  ["3000 --framework cobol", /^--framework is "cobol", expected one of aiohttp, .*; leave it out for others$/],
  ["3000 --method TRACE", /^--method is "TRACE", expected GET, /],
  ["3000 --path http://localhost/x", /^--path is a whole URL: give its path alone/],
  ["3000 --path /#/x", /^--path has a # in it: .* is never sent/],
  ["3000 --path /50%", /^--path has a % in it without two hexadecimal digits/],
  ["3000/50%", /^the URL's path has a % in it/],
  ["3000 --header s3cret", /^--header has no "Name: value" in it/],
  ["3000 --rtt 2ms", /^unknown option '--rtt'; npm run probe -- --help lists the options$/],
  ["3000 --runtime native", /^unknown option '--runtime'; npm run probe -- --help lists the options$/],
];

for (const [argv, line] of bad) {
  test(`It refuses in one line: ${argv || "nothing"}.`, () => {
    assert.throws(
      () => probeCommandLine.parse(argv.split(" ").filter((word) => word !== "")),
      (error) => error instanceof UsageError && line.test(error.message) && !/\n|s3cret/.test(error.message),
    );
  });
}
