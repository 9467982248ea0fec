import assert from "node:assert/strict";
import { test } from "node:test";
import { redacted } from "../../src/diagnose/redact.ts";
import { printable, shownName } from "../../src/diagnose/show.ts";
import { lineOf } from "../alb-log/samples.ts";

test("Queries, path parameters and passwords in a URL are left out; everything else of the line stays.", () => {
  const line = lineOf({ path: "/orders/7;jsessionid=hush?token=hush" });
  assert.equal(redacted(line), lineOf({ path: "/orders/7;..." }));
  assert.equal(redacted(lineOf({ path: "/orders?token=hush" })), lineOf({ path: "/orders?..." }));
  assert.equal(
    redacted('"GET https://me:hush@shop.example:443/ HTTP/1.1"'),
    '"GET https://...@shop.example:443/ HTTP/1.1"',
  );
  assert.equal(redacted(lineOf()), lineOf());
});

test("A referrer's or redirect's query in a later field is left out, too.", () => {
  const line = '"curl (+https://a.example/?key=hush)" 1 "redirect" "https://b.example:443/?code=hush"';
  assert.doesNotMatch(redacted(line), /hush/);
});

test("A very long line is cut where an ordinary one would have ended.", () => {
  const shown = redacted("x".repeat(100_000));
  assert.match(shown, /^x{500,2000}\.\.\.$/);
});

test("Text is shown as UTF-8 without control characters and blanks at its end.", () => {
  const latin1 = Buffer.from("grüße \x1b[2J\x07\r\n", "utf8").toString("latin1");
  assert.equal(printable(latin1, 100), "grüße  [2J");
});

test("A name is cut after 200 characters.", () => {
  assert.equal(shownName("/users/:n"), "/users/:n");
  assert.equal(shownName("n".repeat(201)), `${"n".repeat(200)}...`);
});
