import assert from "node:assert/strict";
import { test } from "node:test";
import { appRequest, requestSettings } from "../../src/cli/app-request.ts";
import { UsageError } from "../../src/run/exit.ts";

const url = new URL("http://localhost:3000/health?deep=1");

test("Without options it is a GET of the URL's path and query; with a body a POST.", () => {
  assert.deepEqual(appRequest(url, { header: [] }), { method: "GET", path: "/health?deep=1", headers: [], body: null });
  assert.equal(appRequest(url, { header: [], body: "" }).method, "POST");
});

test("Method, path, headers and body are taken from the options.", () => {
  const options = { method: "put", path: "/items/1", header: ["X-Tag: a:b", "Host: app.example"], body: "text" };
  assert.deepEqual(appRequest(url, options), {
    method: "PUT",
    path: "/items/1",
    headers: [
      ["X-Tag", "a:b"],
      ["Host", "app.example"],
    ],
    body: "text",
  });
});

test("A body that is JSON is sent as such, unless a Content-Type is given.", () => {
  const typed = (body: string, header: string[] = []) => appRequest(url, { header, body }).headers;
  assert.deepEqual(typed('{"item":1}'), [["Content-Type", "application/json"]]);
  assert.deepEqual(typed(" [1]"), [["Content-Type", "application/json"]]);
  assert.deepEqual(typed('{"item":1}', ["content-type: text/plain"]), [["content-type", "text/plain"]]);
  for (const other of ["a=b", "{item}", "5", ""]) assert.deepEqual(typed(other), [], other);
});

test("A path is escaped as Go would escape it, so that the probe and k6 send the same; its query is left alone.", () => {
  const pathOf = (path: string) => appRequest(url, { header: [], path }).path;
  assert.equal(pathOf('/{a}|b^c`"<>\\?d={e}|'), "/%7Ba%7D%7Cb%5Ec%60%22%3C%3E%5C?d={e}|");
  assert.equal(pathOf("//a/%7e;x=1/[]@:!$&'()*+,"), "//a/%7e;x=1/[]@:!$&'()*+,");
  assert.equal(pathOf("?x"), "/?x");
});

test("A header may hold any text but control characters and what is no UTF-8.", () => {
  const read = (value: string) => appRequest(url, { header: [`X-Name: ${value}`] }).headers[0]![1];
  assert.equal(read("J\u00fcrgen \u65e5\ta"), "J\u00fcrgen \u65e5\ta");
  for (const bad of ["a\nb", "a\u0000", "\u007f", "\u0085", "\ud800", "\ufffd"])
    assert.throws(() => read(`x${bad}x`), UsageError);
});

test("An error about a header does not show its value.", () => {
  const error = (() => {
    try {
      appRequest(url, { header: ["Connection: s3cret"] });
    } catch (thrown) {
      return thrown;
    }
  })();
  assert.ok(error instanceof UsageError);
  assert.doesNotMatch(error.message, /s3cret/);
});

test("Settings show neither header values nor body nor query.", () => {
  const request = appRequest(url, { path: "/a?key=s3cret", header: ["Authorization: Bearer s3cret"], body: "s3cret" });
  const settings = requestSettings(request);
  assert.deepEqual(settings, { method: "POST", path: "/a?...", header: ["Authorization"], body: true });
});

test("A header that is given twice is refused by its name: probe and k6 would not send the same.", () => {
  const header = ["X-Tag: one", "x-tag: hush"];
  assert.throws(
    () => appRequest(new URL("http://localhost"), { header }),
    (error) =>
      error instanceof UsageError && /--header x-tag is given twice/.test(error.message) && !/hush/.test(error.message),
  );
});
