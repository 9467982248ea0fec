import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parseServers, SERVERS, serversSchema } from "../../src/advice/server-facts.ts";
import { fill } from "../../src/advice/value.ts";
import { fixesTable } from "./table.ts";

test("Every server has an id of its own.", () => {
  assert.equal(new Set(SERVERS.map(({ id }) => id)).size, SERVERS.length);
});

test("No placeholder is left in the lines to paste or in the notes.", () => {
  for (const { id, paste, closesAtOnce, notes } of SERVERS) {
    const text = fill([...paste, ...(closesAtOnce ?? []), ...notes], 65_000).join("\n");
    assert.doesNotMatch(text, /\{[^ }]*(ms|s)[^ }]*\}/, id);
  }
});

test("A setting without a line to paste is refused.", () => {
  const [first] = JSON.parse(readFileSync(new URL("../../src/advice/servers.json", import.meta.url), "utf8"));
  assert.equal(serversSchema.safeParse([first]).success, true);
  assert.equal(serversSchema.safeParse([{ ...first, setting: "timeout", unit: "s" }]).success, false);
  assert.equal(serversSchema.safeParse([{ ...first, colour: "red" }]).success, false);
});

test("A servers.json that breaks the schema is one line that names the file, the entry and the field.", () => {
  const facts = JSON.parse(readFileSync(new URL("../../src/advice/servers.json", import.meta.url), "utf8"));
  const says = (servers: unknown, line: RegExp) =>
    assert.throws(
      () => parseServers(typeof servers === "string" ? servers : JSON.stringify(servers)),
      (error: Error) => error.name === "UsageError" && line.test(error.message) && !error.message.includes("\n"),
    );
  const at = (index: number, change: object) =>
    facts.map((one: object, i: number) => (i === index ? { ...one, ...change } : one));
  says(at(2, { defaultIdleMs: "5s" }), new RegExp(`^src/advice/servers\\.json: ${facts[2].id}: defaultIdleMs: `));
  says(at(0, { match: [{ server: 5 }] }), new RegExp(`^src/advice/servers\\.json: ${facts[0].id}: match: 0: server: `));
  says(at(1, { id: 5 }), /^src\/advice\/servers\.json: entry 2: id: /);
  says({}, /^src\/advice\/servers\.json: /);
  says("[", /^src\/advice\/servers\.json: not JSON; fix it$/);
});

test("docs/fixes.md shows the data as it is.", () => {
  const page = readFileSync(new URL("../../docs/fixes.md", import.meta.url), "utf8");
  assert.ok(page.includes(fixesTable()), `docs/fixes.md must hold this table:\n\n${fixesTable()}`);
});
