// target.mjs PORT KEEP_ALIVE_MS [close|500|once]: a plain Node server that is not ours, for the tests of check and up.
import { createServer } from "node:http";

const [port, keepAliveMs, manner] = process.argv.slice(2);
const server = createServer((request, response) => {
  if (manner === "close") response.setHeader("Connection", "close");
  if (manner === "500") response.statusCode = 500;
  response.end(`${request.headers.host}\n`);
});
server.keepAliveTimeout = Number(keepAliveMs);
server.listen(Number(port), "127.0.0.1");
