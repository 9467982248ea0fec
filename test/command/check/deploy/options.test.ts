import assert from "node:assert/strict";
import { test } from "node:test";
import { deployCommandLine } from "../../../../src/command/check/deploy/options.ts";
import { checkCommandLine } from "../../../../src/command/check/options.ts";
import { UsageError } from "../../../../src/run/exit.ts";

test("By default the traffic goes on for 30 s after the command, which may take 10 minutes.", () => {
  const { deploy, deployForMs, deployTimeoutMs } = deployCommandLine.parse(["3000", "--deploy", "./deploy.sh"])!;
  assert.deepEqual([deploy, deployForMs, deployTimeoutMs], ["./deploy.sh", 30_000, 600_000]);
});

test("What --deploy does not heed is refused beside it, in one line that names it.", () => {
  const useless = [
    ["--aim", "close"],
    ["--connections", "10"],
    ["--max-wait", "60s"],
    ["--framework", "nestjs"],
    ["--k6-dashboard", "--out", "x"],
    ["--thorough"],
    ["--through", "localhost:1"],
    ["--start", "npm start"],
    ["--config", "alb502.config.json"],
    ["--target", "api"],
    ["--at-once", "2"],
  ];
  for (const args of useless) {
    assert.throws(
      () => deployCommandLine.parse(["3000", "--deploy", "true", ...args]),
      (error) => error instanceof UsageError && error.message.startsWith(`${args[0]} has no use with --deploy`),
      args[0],
    );
  }
  assert.throws(() => deployCommandLine.parse(["3000", "--deploy", "true", "--", "npm", "start"]), /has no use/);
});

test("What only --deploy heeds is refused without it.", () => {
  for (const option of ["--deploy-for", "--deploy-timeout"]) {
    assert.throws(
      () => checkCommandLine.parse(["3000", option, "60s"]),
      new RegExp(`^UsageError: ${option} has no use`),
    );
  }
});

test("Without a URL the error has both ways: a URL, and a config file.", () => {
  for (const args of [[], ["--json", "--", "npm", "start"]]) {
    assert.throws(() => checkCommandLine.parse(args), {
      message:
        /^no URL of your app was given; e\.g\. .*check .*http:\/\/localhost:3000, or .*--config alb502\.config\.json$/,
    });
  }
});
