import assert from "node:assert/strict";
import { test } from "node:test";
import { errorLine } from "../../src/probe/first-line.ts";
import type { AppRequest } from "../../src/record/request.ts";

const sent: AppRequest = {
  method: "POST",
  path: "/orders?key=querysecret",
  headers: [["Authorization", "Bearer headersecret"]],
  body: '{"item":"bodysecret"}',
};
const line = (errorBody: string, status = 400) => errorLine({ status, errorBody }, sent);

const cases: [body: string, shown: string][] = [
  ["Cannot POST /orders\nat Layer.handle", ' and says "Cannot POST /orders"'],
  ['{"message":"item is required","statusCode":400}', ' and says "item is required"'],
  ['{"trace":"x","error": "Unauthorized"}', ' and says "Unauthorized"'],
  ["<!DOCTYPE html>\n<html><head><title>404 Not Found</title>", ' and says "404 Not Found"'],
  ["<pre>SyntaxError: Unexpected token in JSON</pre>", ' and says "SyntaxError: Unexpected token in JSON"'],
  ["no such entry: querysecret", ' and says "no such entry: ..."'],
  ["bad token headersecret for bodysecret!", ' and says "bad token ... for ...!"'],
  ["token eyJhbGciOiJIUzI1NiJ9.e30.abc or s3cret or my-own_key", ' and says "token ... or ... or ..."'],
  ['{"token":"abc","user":"root"}', ""],
  ["\u001b[31mred\u0007 \u202e alert", ' and says "?[... ? alert"'],
  ["", ""],
  ["[1,2]", ""],
  ["\0\0\0", ""],
];

for (const [body, shown] of cases) {
  test(`Of ${JSON.stringify(body)} is shown: ${shown || "nothing"}.`, () => assert.equal(line(body), shown));
}

test("An answer that is no error is not shown, and a long line is cut.", () => {
  assert.equal(line("Hello there", 200), "");
  assert.ok(line("word ".repeat(200)).length < 140);
});
