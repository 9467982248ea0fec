import { checked } from "../checked.ts";
import type { Experiment } from "../experiment.ts";
import { tomcat } from "../targets/java.ts";
import { nodeHttp } from "../targets/node-version.ts";

export const thinMargin: Experiment = {
  name: "thin-margin",
  article: "beyond",
  source: "https://docs.spring.io/spring-boot/appendix/application-properties/ (server.tomcat.keep-alive-timeout)",
  says: "A second more than the LB's 60 s is enough for a timer that is exact to the millisecond, and none for a clock of whole seconds.",
  arms: [
    checked({ name: "Node 18, 61 s", target: nodeHttp("18", { keepAliveTimeout: 61_000 }), expect: "clean" }),
    checked({
      name: "Node 20, 60 s and its second",
      target: nodeHttp("20", { keepAliveTimeout: 60_000 }),
      expect: "clean",
    }),
    checked({ name: "Tomcat at its default, 60 s", target: tomcat("Tomcat, 60 s", 60_000), expect: "vulnerable" }),
  ],
  correction: "Spring Boot's Tomcat closes after 60.0 to 61.0 s as it comes: a tie with an ALB.",
};
