// fastify.mjs PORT: Fastify as it comes.
import Fastify from "fastify";

const app = Fastify();
app.get("/", async () => "ok\n");
await app.listen({ port: Number(process.argv[2]), host: "127.0.0.1" });
