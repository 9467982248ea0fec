import assert from "node:assert/strict";
import { test } from "node:test";
import { commandLine } from "../../src/cli/command-line.ts";
import { UsageError } from "../../src/run/exit.ts";

const check = commandLine({
  called: "npm run check",
  help: () => "npm run check -- [options]",
  options: { "lb-idle": { type: "string" }, json: { type: "boolean" } },
  read: (values) => values["lb-idle"],
});

test("An option that npm took for its own, because the -- was forgotten, is named; npm's own json is not.", (t) => {
  t.after(() => {
    delete process.env.npm_config_lb_idle;
    delete process.env.npm_config_json;
  });
  process.env.npm_config_json = "true";
  assert.equal(check.parse(["--lb-idle", "5s"]), "5s");
  process.env.npm_config_lb_idle = "5s";
  assert.throws(
    () => check.parse([]),
    (error) => error instanceof UsageError && /^npm took --lb-idle .* put -- before the options/.test(error.message),
  );
});

test("--help counts before any value is read, and before what is missing.", () => {
  const line = commandLine({
    called: "npm run check",
    help: () => "",
    options: { port: { type: "string" } },
    read: (): never => assert.fail("read"),
  });
  assert.equal(line.parse(["--port", "none", "--help"]), null);
  assert.deepEqual(line.names, ["port", "help"]);
});

test("An argument that is not an option is refused by a command that takes none, and passed on by one that does.", () => {
  const words = { called: "npm test", help: () => "", options: {} };
  const none = commandLine({ ...words, read: () => null });
  assert.throws(
    () => none.parse(["verdict"]),
    (error) => error instanceof UsageError && /^unexpected argument 'verdict'; npm test -- --help/.test(error.message),
  );
  const some = commandLine({ ...words, positionals: true, read: (_, given) => given });
  assert.deepEqual(some.parse(["verdict", "aim"]), ["verdict", "aim"]);
});

test("An option whose value is forgotten is named, in whole sentences; so is one too many.", () => {
  const says = (argv: string[]): string => {
    try {
      check.parse(argv);
    } catch (error) {
      return (error as Error).message;
    }
    return assert.fail("it was taken");
  };
  const help = "npm run check -- --help lists the options";
  const forgotten =
    "--lb-idle has no value, but an option after it: give it one, or --lb-idle=-VALUE where it begins with a dash";
  assert.equal(says(["--lb-idle", "--json"]), `${forgotten}; ${help}`);
  assert.equal(says(["--lb-idle", "-5s"]), `${forgotten}; ${help}`);
  assert.equal(says(["--lb-idle"]), `option '--lb-idle <value>' argument missing; ${help}`);
  assert.equal(says(["--json=yes"]), `option '--json' does not take an argument; ${help}`);
  assert.equal(says(["-5"]), `unknown option '-5'; ${help}`);
});
