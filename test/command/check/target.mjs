// target.mjs PORT KEEP_ALIVE_MS [plain|close|500|https|slow]: a plain Node server that is not ours, for the tests of check and up.
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";

const [port, keepAliveMs, manner] = process.argv.slice(2);
const answer = (request, response) => {
  if (manner === "close") response.setHeader("Connection", "close");
  if (manner === "500") response.statusCode = 500;
  setTimeout(() => response.end(`${request.headers.host}\n`), manner === "slow" ? 150 : 0);
};
// KEY and CERT are set for https only.
const { KEY: key, CERT: cert } = process.env;
const server = manner === "https" ? createSecureServer({ key, cert }, answer) : createServer(answer);
server.keepAliveTimeout = Number(keepAliveMs);
server.listen(Number(port), "127.0.0.1");
