import assert from "node:assert/strict";
import { test } from "node:test";
import { routeOf } from "../../src/diagnose/route.ts";

test("Paths are folded to routes: ids go, words stay, queries never show.", () => {
  const routes = {
    "/": "/",
    "/users/123/orders?token=hush": "/users/:n/orders",
    "/v2/oauth2/login;jsessionid=hush": "/v2/oauth2/login",
    "/u/123e4567-e89b-12d3-a456-426614174000": "/u/:uuid",
    "/blob/d41d8cd98f00b204e9800998ecf8427e": "/blob/:hex",
    "/t/eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9": "/t/:id",
    "/static/main.js": "/static/main.js",
    "/a/order12345678": "/a/:id",
    "/a/onewordthatistoolongforone": "/a/:id",
    "/docs#hush": "/docs",
    "//7": "//:n",
  };
  for (const [path, route] of Object.entries(routes)) assert.equal(routeOf(`GET https://h:443${path} HTTP/1.1`), route);
});

test("A request without a path, and an empty one, have a route, too.", () => {
  assert.equal(routeOf("GET http://example.com:80 HTTP/1.1"), "/");
  assert.equal(routeOf("GET /plain/7 HTTP/1.1"), "/plain/:n");
  for (const nothing of ["- - -", "-", ""]) assert.equal(routeOf(nothing), "-");
});

test("All ids of one kind are one route.", () => {
  const routes = new Set<string>();
  for (let i = 0; i < 1000; i++) routes.add(routeOf(`GET https://h:443/users/${i * 7919}/orders HTTP/1.1`));
  assert.deepEqual([...routes], ["/users/:n/orders"]);
});

test("Folding a route again changes nothing.", () => {
  for (const path of ["/users/:n/orders", "/u/:uuid", "/blob/:hex", "/t/:id", "/v2/oauth2/login"])
    assert.equal(routeOf(`GET https://h:443${path} HTTP/1.1`), path);
});
