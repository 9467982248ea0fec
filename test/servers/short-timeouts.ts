import { startApache } from "./apache.ts";
import { startBun } from "./bun.ts";
import { startCaddy } from "./caddy.ts";
import { startCheroot } from "./cheroot.ts";
import { startGo } from "./go.ts";
import { startHypercorn } from "./hypercorn.ts";
import { startJava } from "./java.ts";
import { startLighttpd } from "./lighttpd.ts";
import { startNginx } from "./nginx.ts";
import { bufferMs, startFastify, startNodeHttp } from "./node.ts";
import { startPuma } from "./puma.ts";
import { exactly, type ServerFacts } from "./server-facts.ts";
import { startUvicorn } from "./uvicorn.ts";
import { startUwsgi } from "./uwsgi.ts";
import { startWaitress } from "./waitress.ts";

/** Servers that close idle connections long before an ALB would, with the timeouts that they are usually met with. */
export const SHORT_TIMEOUTS: readonly ServerFacts[] = [
  {
    name: "node:http",
    documented: "5 s (keepAliveTimeout); keepAliveTimeoutBuffer adds 1 s",
    source: "https://nodejs.org/api/http.html#serverkeepalivetimeout",
    closesWithin: exactly(5000 + bufferMs),
    kind: "vulnerable",
    software: "Node's http server",
    start: (run) => startNodeHttp(run),
  },
  {
    name: "Fastify, keepAliveTimeout 5 s",
    documented: "5 s (keepAliveTimeout), on Node",
    source: "https://fastify.dev/docs/latest/Reference/Server/#keepalivetimeout",
    closesWithin: exactly(5000 + bufferMs),
    kind: "vulnerable",
    software: "Node's http server",
    start: (run) => startFastify(run, 5000),
  },
  {
    name: "Bun.serve",
    documented: "10 s (idleTimeout)",
    source: "https://bun.com/docs/runtime/http/server#idletimeout",
    // Its clock ticks every 4 s (LIBUS_TIMEOUT_GRANULARITY), and 10 s are three ticks, of which the first may come at once.
    closesWithin: [8000, 12_000],
    kind: "vulnerable",
    software: "Bun.serve",
    start: (run, { bun }) => startBun(run, bun()),
  },
  {
    name: "uvicorn",
    documented: "5 s (--timeout-keep-alive)",
    source: "https://uvicorn.dev/settings/#timeouts",
    closesWithin: exactly(5000),
    kind: "vulnerable",
    software: "uvicorn",
    start: (run, { python }) => startUvicorn(run, python()),
  },
  {
    name: "hypercorn",
    documented: "5 s (keep_alive_timeout)",
    source: "https://hypercorn.readthedocs.io/en/latest/how_to_guides/configuring.html",
    closesWithin: exactly(5000),
    kind: "vulnerable",
    software: "hypercorn",
    start: (run, { python }) => startHypercorn(run, python()),
  },
  {
    name: "uWSGI --http --http-keepalive=5",
    documented: "5 s (http-keepalive)",
    source: "https://uwsgi-docs.readthedocs.io/en/latest/HTTP.html#http-keep-alive",
    // Its router's timers know whole seconds only (uwsgi_now() in plugins/corerouter/cr.h).
    closesWithin: [4000, 6000],
    kind: "vulnerable",
    software: null,
    start: (run, { python }) => startUwsgi(run, python(), "--http-keepalive=5"),
  },
  {
    name: "waitress --channel-timeout=10",
    documented: "10 s (channel_timeout)",
    source: "https://docs.pylonsproject.org/projects/waitress/en/stable/arguments.html",
    // It looks every 30 s (cleanup_interval), and closes in the next turn of its loop, within a second.
    closesWithin: [10_000, 41_000],
    kind: "vulnerable",
    software: "waitress",
    start: (run, { python }) => startWaitress(run, python()),
  },
  {
    name: "cheroot",
    documented: "10 s (timeout)",
    source: "https://cheroot.cherrypy.dev/en/latest/pkg/cheroot.server/",
    // It looks at most every half second, when its select() of half a second is over (cheroot/connections.py).
    closesWithin: [10_000, 11_000],
    keepsFewer: true, // ten at most, others that are open included (keep_alive_conn_limit)
    kind: "vulnerable",
    software: "cheroot",
    start: (run, { python }) => startCheroot(run, python()),
  },
  {
    name: "Puma, persistent_timeout 5 s",
    documented: "5 s (persistent_timeout)",
    source: "https://puma.io/puma/Puma/DSL.html#persistent_timeout-instance_method",
    // The thread that answered waits 0.2 s for the next request before the 5 s begin (FAST_TRACK_KA_TIMEOUT in client.rb).
    closesWithin: exactly(5200),
    kind: "vulnerable",
    software: null,
    start: (run, { puma }) => startPuma(run, puma(), 5),
  },
  {
    name: "Apache httpd",
    documented: "5 s (KeepAliveTimeout)",
    source: "https://httpd.apache.org/docs/2.4/mod/core.html#keepalivetimeout",
    // Closes that fall due within 0.1 s are made together (TIMEOUT_FUDGE_FACTOR in server/mpm/event/event.c).
    closesWithin: [5000, 5100],
    kind: "vulnerable",
    software: "Apache",
    start: (run, { apache }) => startApache(run, apache()),
  },
  {
    name: "lighttpd",
    documented: "5 s (server.max-keep-alive-idle)",
    source: "https://redmine.lighttpd.net/projects/lighttpd/wiki/Server_max-keep-alive-idleDetails",
    // It looks once a second, for connections that are idle for more than 5 of its clock's whole seconds.
    closesWithin: [5000, 7000],
    kind: "vulnerable",
    software: "lighttpd",
    start: (run, { lighttpd }) => startLighttpd(run, lighttpd()),
  },
  {
    name: "Caddy, idle 5 s",
    documented: "5 s (timeouts idle)",
    source: "https://caddyserver.com/docs/caddyfile/options#timeouts",
    closesWithin: exactly(5000),
    kind: "vulnerable",
    software: "Caddy",
    start: (run, { caddy }) => startCaddy(run, caddy(), "5s"),
  },
  {
    name: "nginx, keepalive_timeout 5 s",
    documented: "5 s (keepalive_timeout)",
    source: "https://nginx.org/en/docs/http/ngx_http_core_module.html#keepalive_timeout",
    closesWithin: exactly(5000),
    kind: "vulnerable",
    software: "nginx",
    start: (run, { nginx }) => startNginx(run, nginx(), "5s"),
  },
  {
    name: "Go net/http, IdleTimeout 5 s",
    documented: "5 s (IdleTimeout)",
    source: "https://pkg.go.dev/net/http#Server",
    closesWithin: exactly(5000),
    kind: "vulnerable",
    software: null,
    start: (run, { go }) => startGo(run, go(), "5s"),
  },
  {
    name: "Jetty, idleTimeout 5 s",
    documented: "5 s (idleTimeout)",
    source: "https://jetty.org/docs/jetty/12.1/operations-guide/modules/standard.html#http",
    closesWithin: exactly(5000),
    kind: "vulnerable",
    software: "Jetty",
    start: (run, { java }) => startJava(run, java(), "Jetty", 5000),
  },
  {
    name: "Tomcat, keepAliveTimeout 5 s",
    documented: "5 s (keepAliveTimeout)",
    source: "https://tomcat.apache.org/tomcat-11.0-doc/config/http.html",
    // It looks once a second (timeoutInterval in NioEndpoint.java).
    closesWithin: [5000, 6000],
    kind: "vulnerable",
    software: "Spring Boot with Tomcat",
    start: (run, { java }) => startJava(run, java(), "Tomcat", 5000),
  },
];
