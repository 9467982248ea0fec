// node-http.mjs PORT [KEEP_ALIVE_TIMEOUT_MS]: plain node:http, its timeouts as they come or with that keepAliveTimeout.
import { createServer } from "node:http";

const [port, keepAliveTimeout] = process.argv.slice(2).map(Number);
const server = createServer((_request, response) => response.end("ok\n"));
if (keepAliveTimeout !== undefined) server.keepAliveTimeout = keepAliveTimeout;
server.listen(port, "127.0.0.1");
