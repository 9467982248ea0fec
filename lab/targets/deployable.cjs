// A node:http server that is deployed under traffic: node deployable.cjs PORT ORDER
// ORDER close: on SIGTERM server.close(), as most examples have it. drain: the order that loses nothing.
const http = require("node:http");

const [port, order] = process.argv.slice(2);
/** Longer than the health check takes to notice. */
const UNTIL_NOTICED_MS = 1500;
/** Longer than every connection takes to be used once more. */
const UNTIL_USED_MS = 2000;
let isHealthy = true;
let isLast = false;

const server = http.createServer((request, response) => {
  if (request.url === "/health") response.statusCode = isHealthy ? 200 : 503;
  // Node then ends the connection itself, after the answer, and the LB knows it before.
  if (isLast) response.setHeader("Connection", "close");
  response.end("ok\n");
});
server.keepAliveTimeout = 65_000; // fixed: what is lost here is lost by the deploy
server.headersTimeout = 66_000;
server.listen(Number(port), "127.0.0.1");

process.once("SIGTERM", () => {
  const close = () => server.close(() => process.exit(0));
  if (order === "close") return void close();
  isHealthy = false;
  setTimeout(() => {
    isLast = true;
    setTimeout(close, UNTIL_USED_MS);
  }, UNTIL_NOTICED_MS);
});
