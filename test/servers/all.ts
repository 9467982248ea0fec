import { startGo } from "./go.ts";
import { startGunicorn } from "./gunicorn.ts";
import { startJava } from "./java.ts";
import { startNginx } from "./nginx.ts";
import { bufferMs, startFastify, startNodeHttp } from "./node.ts";
import { startPythonHttpServer } from "./python-http-server.ts";
import { exactly, type ServerFacts } from "./server-facts.ts";
import { SHORT_TIMEOUTS } from "./short-timeouts.ts";
import { startUwsgi } from "./uwsgi.ts";

/** Its timer is exact, so a second is enough. */
export const AT_61_S: ServerFacts = {
  name: "node:http, 61 s in all",
  documented: "61 s, keepAliveTimeoutBuffer included",
  source: "https://nodejs.org/api/http.html#serverkeepalivetimeout",
  closesWithin: exactly(61_000),
  kind: "outlives",
  software: "Node's http server",
  start: (run) => startNodeHttp(run, 61_000 - bufferMs),
};

/** As Spring Boot has it by default. */
export const TOMCAT_AT_60_S: ServerFacts = {
  name: "Tomcat, keepAliveTimeout 60 s",
  documented: "60 s (keepAliveTimeout)",
  source: "https://tomcat.apache.org/tomcat-11.0-doc/config/http.html",
  // It looks once a second (timeoutInterval in NioEndpoint.java).
  closesWithin: [60_000, 61_000],
  kind: "tie",
  software: "Spring Boot with Tomcat",
  start: (run, { java }) => startJava(run, java(), "Tomcat", 60_000),
};

/** Some of each kind. */
export const OF_EACH_KIND: readonly ServerFacts[] = [
  AT_61_S,
  TOMCAT_AT_60_S,
  {
    name: "node:http, keepAliveTimeout 1 s",
    documented: "1 s; keepAliveTimeoutBuffer adds 1 s",
    source: "https://nodejs.org/api/http.html#serverkeepalivetimeout",
    closesWithin: exactly(1000 + bufferMs),
    kind: "vulnerable",
    software: "Node's http server",
    start: (run) => startNodeHttp(run, 1000),
  },
  {
    name: "Fastify",
    documented: "72 s (keepAliveTimeout), on Node",
    source: "https://fastify.dev/docs/latest/Reference/Server/#keepalivetimeout",
    closesWithin: exactly(72_000 + bufferMs),
    kind: "outlives",
    software: "Fastify",
    start: (run) => startFastify(run),
  },
  {
    name: "gunicorn, sync worker",
    documented: "no keep-alive (worker-class sync)",
    source: "https://docs.gunicorn.org/en/stable/settings.html#keepalive",
    closesWithin: exactly(0),
    kind: "announces-close",
    software: "gunicorn, sync worker",
    start: (run, { python }) => startGunicorn(run, python(), "sync"),
  },
  {
    name: "gunicorn, gthread worker",
    documented: "2 s (keepalive)",
    source: "https://docs.gunicorn.org/en/stable/settings.html#keepalive",
    // It looks once a second, counted from whatever happened last (gunicorn/workers/gthread.py).
    closesWithin: [2000, 3000],
    kind: "vulnerable",
    software: "gunicorn",
    start: (run, { python }) => startGunicorn(run, python(), "gthread"),
  },
  {
    name: "uWSGI --http",
    documented: "no keep-alive (http-keepalive unset)",
    source: "https://uwsgi-docs.readthedocs.io/en/latest/HTTP.html#http-keep-alive",
    closesWithin: exactly(0),
    kind: "closes-at-once",
    software: null,
    start: (run, { python }) => startUwsgi(run, python()),
  },
  {
    name: "uWSGI --http --http-keepalive",
    documented: "60 s (http-timeout)",
    source: "https://uwsgi-docs.readthedocs.io/en/latest/Options.html#http-timeout",
    // Its router's timers know whole seconds only (uwsgi_now() in plugins/corerouter/cr.h).
    closesWithin: [59_000, 61_000],
    kind: "tie",
    software: null,
    start: (run, { python }) => startUwsgi(run, python(), "--http-keepalive"),
  },
  {
    name: "python -m http.server",
    documented: "no keep-alive (HTTP/1.0)",
    source: "https://docs.python.org/3/library/http.server.html#http.server.BaseHTTPRequestHandler.protocol_version",
    closesWithin: exactly(0),
    kind: "announces-close",
    software: "Python's http.server",
    start: (run, { python }) => startPythonHttpServer(run, python()),
  },
  {
    name: "nginx",
    documented: "75 s (keepalive_timeout)",
    source: "https://nginx.org/en/docs/http/ngx_http_core_module.html#keepalive_timeout",
    closesWithin: exactly(75_000),
    kind: "outlives",
    software: "nginx",
    start: (run, { nginx }) => startNginx(run, nginx()),
  },
  {
    name: "Go net/http",
    documented: "never (IdleTimeout and ReadTimeout 0)",
    source: "https://pkg.go.dev/net/http#Server",
    closesWithin: null,
    kind: "outlives",
    software: null,
    start: (run, { go }) => startGo(run, go()),
  },
  {
    name: "Go net/http, IdleTimeout 2 s",
    documented: "2 s (IdleTimeout)",
    source: "https://pkg.go.dev/net/http#Server",
    closesWithin: exactly(2000),
    kind: "vulnerable",
    software: null,
    start: (run, { go }) => startGo(run, go(), "2s"),
  },
];

/** Every real server that is tried. */
export const REAL_SERVERS: readonly ServerFacts[] = [...OF_EACH_KIND, ...SHORT_TIMEOUTS];

/** Each can lose a request behind an ALB. */
export const VULNERABLE_SERVERS: readonly ServerFacts[] = REAL_SERVERS.filter(({ kind }) => kind === "vulnerable");
