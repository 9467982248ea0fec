import { checked } from "../checked.ts";
import type { Experiment } from "../experiment.ts";
import { fastify, koa } from "../targets/frameworks.ts";
import { FIXED } from "../targets/node-version.ts";

export const frameworks: Experiment = {
  name: "frameworks",
  article: "beyond",
  source: "https://fastify.dev/docs/latest/Reference/Server/#keepalivetimeout",
  says: "Fastify keeps idle connections for 72 s, longer than an ALB; Koa, as Express, for Node's 5 s.",
  arms: [
    checked({ name: "Fastify as it comes, 72 s", target: fastify("Fastify"), expect: "clean" }),
    checked({ name: "Fastify, keepAliveTimeout 5 s", target: fastify("Fastify, 5 s", 5000), expect: "lost" }),
    checked({ name: "Koa as it comes", target: koa("Koa"), expect: "lost" }),
    checked({ name: "Koa, 65 s / 66 s", target: koa("Koa, 65 s", FIXED), expect: "clean" }),
  ],
};
