import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { loadProfile, parseProfile, profileNames } from "../../src/advice/profile.ts";
import { profileTable } from "./profile-table.ts";

for (const name of profileNames()) {
  test(`simulator/profiles/${name}.json is a valid profile.`, () => {
    assert.equal(loadProfile(name).name, name);
  });
}

test("The ALB comes first, the others follow in alphabetical order.", () => {
  const [first, ...others] = profileNames();
  assert.equal(first, "alb");
  assert.deepEqual(others, [...others].sort());
});

const idleTimeouts: [name: string, ms: number, fixed: boolean][] = [
  ["alb", 60_000, false],
  ["classic-elb", 60_000, false],
  ["gcp", 600_000, true],
  ["cloudflare", 900_000, true],
  ["heroku", 90_000, true],
  ["nginx", 60_000, false],
  ["ingress-nginx", 60_000, false],
  ["envoy", 3_600_000, false],
  ["haproxy", 15_000, false],
];

for (const [name, ms, fixed] of idleTimeouts) {
  test(`${name} keeps an idle connection for ${ms / 1000} s${fixed ? ", and nobody can change that" : ""}.`, () => {
    const profile = loadProfile(name);
    assert.equal(profile.idleTimeoutMs, ms);
    assert.equal(profile.range === null, fixed);
  });
}

test("An unknown name is answered with the option, the name and the choices.", () => {
  assert.throws(() => loadProfile("elb"), {
    name: "UsageError",
    message: /^--profile elb: .*; choose one of alb, .*classic-elb.*traefik$/,
  });
});

test("A name that points outside the folder is unknown too.", () => {
  assert.throws(() => loadProfile("../../package"), { name: "UsageError", message: /^--profile/ });
});

const alb = readFileSync(new URL("../../simulator/profiles/alb.json", import.meta.url), "utf8");
const broken: [says: string, text: string, message: RegExp][] = [
  ["that is not JSON", alb.slice(1), /^simulator\/profiles\/alb\.json: not JSON/],
  [
    "with a value of the wrong kind",
    alb.replace("60000", '"60 s"'),
    /^simulator\/profiles\/alb\.json: idleTimeoutMs: /,
  ],
  ["with an unknown field", alb.replace("title", "titel"), /^simulator\/profiles\/alb\.json: /],
  ["whose default lies outside its range", alb.replace("60000", "500"), /idleTimeoutMs: outside its range/],
  ["that lowers by lines without a value", alb.replace("{s}", "4"), /lowerIdle: no \{s\} or \{ms\}/],
  ["that has another profile's name", alb.replace('"alb"', '"elb"'), /alb\.json: its name is elb/],
];

for (const [says, text, message] of broken) {
  test(`A profile ${says} is refused with the file's name.`, () => {
    assert.throws(() => parseProfile("alb", text), { name: "UsageError", message });
  });
}

test("docs/profiles.md shows the data as it is.", () => {
  const page = readFileSync(new URL("../../docs/profiles.md", import.meta.url), "utf8");
  assert.ok(page.includes(profileTable()), `docs/profiles.md must hold this table:\n\n${profileTable()}`);
});
