import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import express from "express";
import { closesByDefaultAt, type Recognisable, recognise } from "../../src/advice/recognise.ts";
import { SERVERS } from "../../src/advice/server-facts.ts";

const nothing: Recognisable = {
  server: null,
  poweredBy: null,
  claimedMs: null,
  idleCloseMs: null,
  announcedClose: false,
  httpVersion: "1.1",
};

/** As Node's own writes them, after the app's. */
const NODES = {
  phrase: "OK",
  names: ["content-type", "date", "connection", "keep-alive"],
  marks: {},
  maxRequests: null,
};
const BUNS = {
  phrase: "OK",
  names: ["content-type", "date", "content-length"],
  marks: { "content-type": "text/plain;charset=utf-8" },
  maxRequests: null,
};
const TOMCATS = { phrase: "", names: ["content-length", "date"], marks: {}, maxRequests: null };
const marked = (marks: Record<string, string>) => ({
  phrase: "OK",
  names: Object.keys(marks),
  marks,
  maxRequests: null,
});

/** Headers and times from real servers and from their documentation. */
const told: [seen: Partial<Recognisable>, id: string | null, sure?: boolean][] = [
  [{ poweredBy: "Express", claimedMs: 5000, idleCloseMs: 6003 }, "express", true],
  [{ poweredBy: "Next.js", claimedMs: 5000 }, "nextjs", true],
  [{ poweredBy: "Express", claimedMs: 0, idleCloseMs: 1066, tells: NODES }, "express", true],
  [{ tells: marked({ vary: "rsc, next-router-state-tree, next-router-prefetch" }), claimedMs: 5000 }, "nextjs", true],
  [{ tells: marked({ "x-nextjs-cache": "HIT" }) }, "nextjs", true],
  [{ tells: marked({ uwebsockets: "20" }), idleCloseMs: 10_200 }, "uwebsockets", true],
  [{ tells: NODES, claimedMs: 72_000 }, "fastify", false],
  [{ tells: NODES, claimedMs: 5000, idleCloseMs: 6016 }, "node", false],
  [{ tells: NODES, claimedMs: 5000, idleCloseMs: 4990 }, "node", false],
  [{ tells: NODES, claimedMs: 2000, idleCloseMs: 3001 }, "node", false],
  [{ tells: NODES, claimedMs: 61_000, idleCloseMs: 61_001 }, "node", false],
  [{ tells: NODES, claimedMs: 0, idleCloseMs: 66 }, "node", false],
  [{ tells: NODES, claimedMs: 0, idleCloseMs: 1068 }, "node", false],
  [{ tells: NODES, claimedMs: 5000, idleCloseMs: 8000 }, null],
  // The same times from something that is not Node: cpp-httplib promises max=, and no server but Node has its order.
  [{ claimedMs: 72_000 }, null],
  [{ claimedMs: 5000, idleCloseMs: 5001, tells: { ...marked({ "content-length": "2" }), maxRequests: 100 } }, null],
  [{ claimedMs: 5000, idleCloseMs: 6001, tells: marked({ date: "", "keep-alive": "", connection: "" }) }, null],
  [{ claimedMs: 0, idleCloseMs: 65 }, null],
  [{ claimedMs: 65_000 }, null],
  [{ claimedMs: 60_000, idleCloseMs: 60_100 }, null],
  [{ server: "gunicorn", announcedClose: true, idleCloseMs: 1 }, "gunicorn-sync", true],
  [{ server: "gunicorn", idleCloseMs: 2000 }, "gunicorn", true],
  [{ server: "gunicorn/20.0.4", idleCloseMs: 8000 }, "gunicorn", true],
  [{ server: "gunicorn/asgi", idleCloseMs: 2000 }, "gunicorn", true],
  [{ server: "uvicorn", idleCloseMs: 1990 }, "gunicorn-uvicorn", false],
  [{ server: "uvicorn", idleCloseMs: 5000 }, "uvicorn", true],
  [{ server: "hypercorn-h11", idleCloseMs: 5000 }, "hypercorn", true],
  [{ server: "waitress" }, "waitress", true],
  [{ server: "daphne" }, "daphne", true],
  [{ server: "Python/3.11 aiohttp/3.14.5" }, "aiohttp", true],
  [{ server: "TornadoServer/6.6.1" }, "tornado", true],
  [{ server: "Cheroot/11.1.2" }, "cheroot", true],
  [{ server: "Werkzeug/3.1.9 Python/3.11.7", announcedClose: true }, "werkzeug", true],
  [{ server: "SimpleHTTP/0.6 Python/3.11.7", httpVersion: "1.0" }, "python-http-server", true],
  [{ idleCloseMs: 1 }, null],
  [{ idleCloseMs: 1, httpVersion: "1.0" }, null],
  [{ idleCloseMs: 1, announcedClose: true }, null],
  [{ idleCloseMs: 11_990, tells: BUNS }, "bun", false],
  [{ idleCloseMs: 11_990 }, null],
  [{ idleCloseMs: 11_990, tells: marked({ "content-type": "text/plain; charset=utf-8" }) }, null],
  [{ idleCloseMs: 60_500, tells: TOMCATS }, "tomcat-embedded", false],
  [{ idleCloseMs: 10_400, tells: TOMCATS }, "tomcat-embedded", false],
  [{ idleCloseMs: 60_500, tells: { ...TOMCATS, phrase: "OK" } }, null],
  [{ server: "Jetty(9.4.57.v20241219)" }, "jetty", true],
  [{ server: "Kestrel" }, "kestrel", true],
  [{ server: "Apache/2.4.71 (Debian)" }, "apache", true],
  [{ server: "Apache" }, "apache", true],
  [{ server: "Apache-Coyote/1.1" }, "tomcat", true],
  [{ server: "WildFly/10" }, "wildfly", true],
  [{ server: "nginx/1.22.1" }, "nginx", true],
  [{ server: "lighttpd/1.4.69" }, "lighttpd", true],
  [{ server: "Caddy" }, "caddy", true],
  [{ poweredBy: "PHP/8.2.1", announcedClose: true }, "php-s", true],
  // 20 s is Puma's and Tomcat's default, 60 s that of several: neither identifies one.
  [{ idleCloseMs: 20_100 }, null],
  [{ idleCloseMs: 60_060 }, null],
  [{}, null],
];

for (const [seen, id, sure] of told) {
  test(`${JSON.stringify(seen)} is ${id ?? "not recognised"}${sure === false ? ", probably" : ""}.`, () => {
    const software = recognise({ ...nothing, ...seen });
    assert.equal(software?.id ?? null, id);
    assert.equal(software?.sure, id === null ? undefined : sure);
  });
}

test("A Server header says who holds the connection: Express behind nginx is nginx, behind a stranger nobody.", () => {
  const behind = { ...nothing, poweredBy: "Express", claimedMs: 5000, idleCloseMs: 6000 };
  assert.equal(recognise({ ...behind, server: "nginx" })?.id, "nginx");
  assert.equal(recognise({ ...behind, server: "cloudflare" }), null);
});

test("It says how it recognised a server.", () => {
  assert.equal(recognise({ ...nothing, poweredBy: "Express" })?.by, "its X-Powered-By header says Express");
  const node = recognise({ ...nothing, tells: NODES, claimedMs: 5000, idleCloseMs: 6003 });
  assert.equal(
    node?.by,
    "its headers come in the order date, connection, keep-alive and it promises 5.0 s and it closes after 6.0 s",
  );
  const uws = recognise({ ...nothing, tells: marked({ uwebsockets: "20" }) });
  assert.equal(uws?.by, "its uwebsockets header says 20");
});

test("What a header says is printed as one line of plain text, cut at a limit.", () => {
  const by = recognise({ ...nothing, server: `nginx\u001b[31m\r\n${"x".repeat(500)}` })?.by ?? "";
  assert.match(by, /^[\x20-\x7e]{1,100}$/);
});

test("Every rule can match: no earlier one takes all that it fits.", () => {
  const found = new Set(told.map(([, id]) => id));
  const withRules = SERVERS.filter(({ match }) => match.length > 0).map(({ id }) => id);
  assert.deepEqual(
    withRules.filter((id) => !found.has(id)),
    [],
  );
});

test("An unrecognised close is compared with the known defaults.", () => {
  const ids = (ms: number) => closesByDefaultAt(ms).map(({ id }) => id);
  assert.deepEqual(ids(20_100), ["tomcat", "puma"]);
  assert.deepEqual(ids(4000), ["uwsgi-http11"]);
  assert.deepEqual(ids(1), []);
  assert.deepEqual(ids(47_000), []);
});

test("A real Express app is recognised from a real answer.", async () => {
  const server = express()
    .get("/", (_request, response) => void response.send("ok"))
    .listen(0, "127.0.0.1");
  try {
    await once(server, "listening");
    const { headers } = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const seen = { ...nothing, server: headers.get("server"), poweredBy: headers.get("x-powered-by") };
    assert.equal(recognise(seen)?.id, "express");
  } finally {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  }
});
