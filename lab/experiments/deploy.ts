import { deployed, deregistered } from "../deployed.ts";
import type { Experiment } from "../experiment.ts";

export const deploy: Experiment = {
  name: "deploy",
  article: "beyond",
  source: "https://nodejs.org/api/http.html#serverclosecallback",
  says: "server.close() on SIGTERM closes idle connections at once (Node 19 and later): each deploy loses requests, whatever keepAliveTimeout is.",
  arms: [
    deployed({ name: "server.close() at once", order: "close", runtime: "native", expect: "some" }),
    deployed({
      name: "health check, wait, Connection: close, close",
      ...{ order: "drain", runtime: "native", expect: "clean" },
    }),
    deregistered("SIGTERM as the LB deregisters the target", null, "some"),
    deregistered("deregistered, 2 s, SIGTERM", 2000, "clean"),
    deployed({ name: "in Docker: server.close() at once", order: "close", runtime: "docker", expect: "some" }),
    deployed({
      name: "in Docker: health check, wait, Connection: close, close",
      ...{ order: "drain", runtime: "docker", expect: "clean" },
    }),
  ],
};
