import assert from "node:assert/strict";
import { test } from "node:test";
import { hideGiven } from "../../src/evidence/hide-given.ts";

const LINE =
  '{"log":"edge","atUs":1764482405123456,"path":"/a","host":"shop.hush:80","port":8080,"agent":"hush \\" x","up":"1"}';
const GUARD = '{"log":"guard","host":"kept"}';

test("A Host and a User-Agent that were given are in no line of the LB's log, also not in half a line.", () => {
  const log = [LINE, GUARD, LINE.slice(0, -20), "[NOTICE] kept"];
  hideGiven(log, [
    ["HOST", "shop.hush:80"],
    ["User-Agent", 'hush " x'],
  ]);
  assert.deepEqual(log, [
    '{"log":"edge","atUs":1764482405123456,"path":"/a","host":"hidden","port":8080,"agent":"hidden","up":"1"}',
    GUARD,
    '{"log":"edge","atUs":1764482405123456,"path":"/a",',
    "[NOTICE] kept",
  ]);
});

test("What was not given stays as an ALB logs it.", () => {
  const log = [LINE];
  hideGiven(log, [["Authorization", "hush"]]);
  assert.deepEqual(log, [LINE]);
  hideGiven(log, [["user-agent", "hush"]]);
  assert.match(log[0]!, /"host":"shop\.hush:80","port":8080,"agent":"hidden"/);
});
