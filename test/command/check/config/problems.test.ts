import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nearest } from "../../../../src/command/check/config/nearest.ts";
import { problemsOf } from "../../../../src/command/check/config/problems.ts";
import { configJsonSchema, configSchema } from "../../../../src/command/check/config/schema.ts";

const TARGET = { name: "api", url: "3000" };
const problems = (config: unknown): string[] => problemsOf(configSchema, config);

describe("A config", () => {
  it("with all that it may have has no problem.", () => {
    const whole = {
      $schema: "./node_modules/alb502/schema/config.schema.json",
      lb: { profile: "gcp", idleTimeout: "600s", rtt: "1ms" },
      options: { expect: "clean", aim: "close", connections: 10, maxWait: "70s", runtime: "auto", atOnce: 3 },
      targets: [
        {
          ...TARGET,
          start: {
            ...{
              command: ["node", "app.js"],
              cwd: "api",
              env: { PORT: "3000", KEY: { env: "API_KEY" } },
              timeout: "60s",
            },
            ...{ reuseExistingServer: true, gracefulShutdown: { signal: "SIGINT", timeout: "5s" } },
          },
          ...{ lb: { idleTimeout: "60s" }, method: "POST", path: "/x", headers: { Authorization: { env: "TOKEN" } } },
          ...{ body: "{}", okStatus: [200, "3xx"], framework: "nest", expect: "lost", aim: "clock", connections: 20 },
          maxWait: "20s",
        },
      ],
    };
    assert.deepEqual(problems(whole), []);
    const known = Object.keys(whole.targets[0]!).sort();
    const { properties } = JSON.parse(JSON.stringify(configJsonSchema()));
    assert.deepEqual(Object.keys(properties.targets.items.properties).sort(), known);
  });

  const wrong: [config: unknown, problems: string[]][] = [
    [{}, ["targets is missing: expected a list"]],
    [[], ["the whole of it is a list of 0: expected an object"]],
    [{ targets: [] }, ["targets is a list of 0: expected at least 1 of them"]],
    [{ target: [TARGET] }, ["targets is missing: expected a list", "target is not known: did you mean targets?"]],
    [{ targets: [{ name: "api" }] }, ["targets[0].url is missing: expected a text"]],
    [
      { targets: [{ ...TARGET, name: "../up" }] },
      ['targets[0].name is "../up": expected letters, digits, _ and -, 64 at most: it is the name of a folder, too'],
    ],
    [
      { targets: [TARGET, { ...TARGET, name: "API" }] },
      ["targets is a list of 2: expected each name once, whatever its case, and api comes more often"],
    ],
    [{ targets: [{ ...TARGET, lb: { idle: "60s" } }] }, ["targets[0].lb.idle is not known: did you mean idleTimeout?"]],
    [
      { targets: [{ ...TARGET, start: "npm start" }] },
      ['targets[0].start is "npm start": expected an object; e.g. { "command": "npm start" }'],
    ],
    [{ targets: [{ ...TARGET, xyzzy: 1 }] }, [/^targets\[0\]\.xyzzy is not known: expected one of name, url, /.source]],
    [
      { lb: { idleTimeout: 60 }, targets: [TARGET] },
      ['lb.idleTimeout is 60: expected a duration from 1s to 4000s, with its unit; e.g. "60s"'],
    ],
    [
      { lb: { idleTimeout: "2h", rtt: "1.5ms" }, targets: [TARGET] },
      [
        'lb.idleTimeout is "2h": expected a duration from 1s to 4000s, with its unit; e.g. "60s"',
        'lb.rtt is "1.5ms": expected whole milliseconds, the network\'s grain; e.g. "2ms"',
      ],
    ],
    [{ options: { expect: "safe" }, targets: [TARGET] }, ['options.expect is "safe": expected "clean" or "lost"']],
    [{ options: { atOnce: 20 }, targets: [TARGET] }, ["options.atOnce is 20: expected 8 at most"]],
    [
      { targets: [{ ...TARGET, headers: { Authorization: 5 } }] },
      [
        'targets[0].headers.Authorization is 5: expected a text, or { "env": "NAME" } for the value of an environment variable',
      ],
    ],
    [
      { targets: [{ ...TARGET, okStatus: "200" }] },
      ['targets[0].okStatus is "200": expected a list of statuses or classes of them; e.g. [200, "3xx"]'],
    ],
  ];
  it("has a line for each problem: where, what it is, what was expected.", () => {
    for (const [config, expected] of wrong) {
      const told = problems(config);
      assert.equal(told.length, expected.length, told.join("\n"));
      told.forEach((line, i) => {
        const words = expected[i]!;
        assert.ok(words.startsWith("^") ? new RegExp(words).test(line) : line === words, `${line}\n${words}`);
      });
    }
  });

  it("never shows what an object holds, which may be a secret.", () => {
    const secret = { targets: [{ ...TARGET, body: { password: "hunter2" }, start: { command: { x: "hunter2" } } }] };
    assert.doesNotMatch(problems(secret).join("\n"), /hunter2/);
  });
});

describe("The nearest name", () => {
  it("is the one that differs least, in another spelling or a part of it; none where none is near.", () => {
    const names = ["profile", "idleTimeout", "rtt"];
    const meant = ["idle-timeout", "idletimeout", "idle", "timeout", "profil", "Profile", "rt", "colour"];
    assert.deepEqual(
      meant.map((name) => nearest(name, names)),
      ["idleTimeout", "idleTimeout", "idleTimeout", "idleTimeout", "profile", "profile", "rtt", null],
    );
    assert.equal(nearest("x", []), null);
  });
});
