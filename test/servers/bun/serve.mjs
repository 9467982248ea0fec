// serve.mjs PORT: Bun.serve as it comes.
Bun.serve({ port: Number(process.argv[2]), hostname: "127.0.0.1", fetch: () => new Response("ok\n") });
