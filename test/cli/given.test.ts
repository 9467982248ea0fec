import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { appRequest } from "../../src/cli/app-request.ts";
import { givenHeaders, givenText } from "../../src/cli/given.ts";
import { UsageError } from "../../src/run/exit.ts";
import { scratchFolder } from "../parts/scratch.ts";

const url = new URL("http://localhost:3000/");

/** A file of a folder of this test's own. */
async function file(t: TestContext, content: string | Buffer): Promise<string> {
  const path = join(await scratchFolder(t), "given");
  writeFileSync(path, content);
  return path;
}

test("Headers come from a file, one a line, whatever its line ends, BOM and empty lines.", async (t) => {
  const path = await file(t, "\uFEFFAuthorization: Bearer hush\r\n\r\nX-Tag: a\nX-Last: b");
  assert.deepEqual(appRequest(url, { header: [`@${path}`, "X-Own: c"] }).headers, [
    ["Authorization", "Bearer hush"],
    ["X-Tag", "a"],
    ["X-Last", "b"],
    ["X-Own", "c"],
  ]);
});

test("A body comes from a file as it stands, its last line break included, and makes the request a POST.", async (t) => {
  const body = '{"token": "hush"}\r\n\n';
  const request = appRequest(url, { header: [], body: `@${await file(t, body)}` });
  assert.deepEqual([request.method, request.body], ["POST", body]);
});

test("A path comes from a file, without the line break at its end.", async (t) => {
  assert.equal(appRequest(url, { header: [], path: `@${await file(t, "/a?key=hush\n")}` }).path, "/a?key=hush");
});

test("Headers of ALB502_HEADERS are added, and an option wins over one of the same name.", () => {
  const env = { ALB502_HEADERS: "authorization: preset\nX-Tag: preset\n" };
  assert.deepEqual(
    givenHeaders(["Authorization: own"], env).map(({ text }) => text),
    ["Authorization: own", "X-Tag: preset"],
  );
});

test("An option wins over its variable, an empty variable is an unset one, an empty option is not.", () => {
  assert.equal(givenText("--body", "own", "preset"), "own");
  assert.equal(givenText("--body", undefined, "preset"), "preset");
  assert.equal(givenText("--body", undefined, ""), undefined);
  assert.equal(givenText("--body", "", "preset"), "");
});

test("What a file cannot give is one line that names it and shows nothing of what it holds.", async (t) => {
  const folder = await scratchFolder(t);
  const write = (name: string, content: string | Buffer) => {
    writeFileSync(join(folder, name), content);
    return `@${join(folder, name)}`;
  };
  mkdirSync(join(folder, "two\nlines"));
  const bad: [object, RegExp][] = [
    [{ body: "@" }, /^--body "@" names no file; /],
    [{ body: `@${join(folder, "none")}` }, /^--body ".*none" cannot be read \(no such file\); /],
    [{ body: `@${join(folder, "two\nlines")}` }, /^--body ".*two\\nlines" cannot be read \(a folder\); /],
    [{ body: write("binary", Buffer.from([0xff, 0x00, 0x80])) }, /binary" holds bytes that are no UTF-8 text/],
    [{ body: "@/dev/zero" }, /holds more than 10000 kB/],
    [{ header: ["@/dev/zero"] }, /holds more than 64 kB/],
    [{ header: [write("a", "X-Tag: b\nhush\n")] }, /^--header "@.*a", line 2, has no "Name: value" in it/],
    [{ header: [write("b", "Connection: hush")] }, /^--header "@.*b", line 1, Connection is set by alb502 itself/],
    [{ header: [write("empty", "\n\n")] }, /empty" holds no header; expected one a line/],
    [{ header: ["@-"], body: "@-" }, /^two options are @-, expected one/],
    [{ path: write("c", "/#/hush") }, /^--path has a # in it/],
  ];
  for (const [values, about] of bad) {
    assert.throws(
      () => appRequest(url, { header: [], ...values }),
      (error) =>
        error instanceof UsageError && about.test(error.message) && !/hush|\n/.test(error.message)
          ? true
          : assert.fail(String(error)),
    );
  }
});
