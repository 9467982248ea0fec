// fastify.mjs PORT [KEEP_ALIVE_TIMEOUT_MS]: Fastify as it comes or with that keepAliveTimeout.
import Fastify from "fastify";

const [port, keepAliveTimeout] = process.argv.slice(2).map(Number);
const app = Fastify({ keepAliveTimeout });
app.get("/", async () => "ok\n");
await app.listen({ port, host: "127.0.0.1" });
