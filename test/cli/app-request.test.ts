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
  const options = { method: "put", path: "/items/1", header: ["X-Tag: a:b", "Host: app.example"], body: "{}" };
  assert.deepEqual(appRequest(url, options), {
    method: "PUT",
    path: "/items/1",
    headers: [
      ["X-Tag", "a:b"],
      ["Host", "app.example"],
    ],
    body: "{}",
  });
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
