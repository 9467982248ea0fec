// node-http.mjs PORT: plain node:http that closes idle connections after keepAliveTimeout, 1 s, and what Node adds.
import { createServer } from "node:http";

const server = createServer((_request, response) => response.end("ok\n"));
server.keepAliveTimeout = 1000;
server.listen(Number(process.argv[2]), "127.0.0.1");
