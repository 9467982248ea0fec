import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { problemsOf } from "../../../../src/command/check/config/problems.ts";
import { configJsonSchema, configSchema } from "../../../../src/command/check/config/schema.ts";
import { resultsSchema } from "../../../../src/record/results.ts";
import { ROOT } from "../../../../src/run/root.ts";

const docs = readFileSync(join(ROOT, "docs/config.md"), "utf8");

test("docs/config.md: its example is a config, and it names all that one may hold.", () => {
  const [, example] = /```json\n(.*?)```/s.exec(docs) ?? [];
  assert.deepEqual(problemsOf(configSchema, JSON.parse(example!)), []);
  const { properties } = JSON.parse(JSON.stringify(configJsonSchema()));
  const names = [
    ...["lb", "options"].flatMap((group) =>
      Object.keys(properties[group].properties).map((name) => `${group}.${name}`),
    ),
    ...Object.keys(properties.targets.items.properties),
    ...Object.keys(properties.targets.items.properties.start.properties).map((name) => `start.${name}`),
  ];
  for (const name of names) assert.ok(docs.includes(`\`${name}\``), name);
});

test("docs/config.md has every field of results.json.", () => {
  const { targets, ...fields } = resultsSchema.shape;
  for (const name of Object.keys(fields)) assert.ok(docs.includes(`\`${name}\``), name);
  for (const name of Object.keys(targets.element.shape)) {
    assert.ok(docs.includes(`targets[].${name}\``) || docs.includes(`\`.${name}\``), name);
  }
});

test("The JSON Schema of a config is closed, says what each field is, and knows the forms of durations.", () => {
  const schema = JSON.parse(JSON.stringify(configJsonSchema()));
  assert.match(schema.$schema, /2020-12/);
  assert.equal(schema.additionalProperties, false);
  assert.deepEqual(schema.required, ["targets"]);
  const idleTimeout = schema.properties.lb.properties.idleTimeout;
  assert.match("60s", new RegExp(idleTimeout.pattern));
  assert.doesNotMatch("60", new RegExp(idleTimeout.pattern));
  assert.match(idleTimeout.description, /^How long it keeps an idle connection/);
});
