import assert from "node:assert/strict";
import { test } from "node:test";
import { parseOptions } from "../../src/cli/parse-options.ts";
import { UsageError } from "../../src/run/exit.ts";

const config = { options: { "lb-idle": { type: "string" }, json: { type: "boolean" } } } as const;

test("An option that npm took for its own, as the -- was forgotten, is named; npm's own json is not.", (t) => {
  t.after(() => {
    delete process.env.npm_config_lb_idle;
    delete process.env.npm_config_json;
  });
  process.env.npm_config_json = "true";
  assert.equal(parseOptions("npm run check", ["--lb-idle", "5s"], config).values["lb-idle"], "5s");
  process.env.npm_config_lb_idle = "5s";
  assert.throws(
    () => parseOptions("npm run check", [], config),
    (error) => error instanceof UsageError && /^npm took --lb-idle .* put -- before the options/.test(error.message),
  );
});
