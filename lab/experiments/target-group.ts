import { checked } from "../checked.ts";
import type { Experiment } from "../experiment.ts";
import { group } from "../targets/group.ts";
import { FIXED, nodeHttp } from "../targets/node-version.ts";

export const targetGroup: Experiment = {
  name: "target-group",
  article: "beyond",
  source: "docs/field-reports.md",
  says: "One unfixed target among others loses its share of the requests; a check of their common name sees those of its connections that led there.",
  arms: [
    checked({
      name: "two targets, one of them unfixed",
      target: group("two targets", [nodeHttp("20"), nodeHttp("20", FIXED)]),
      expect: "some",
    }),
    checked({
      name: "three targets, one of them unfixed",
      target: group("three targets", [nodeHttp("20", FIXED), nodeHttp("20"), nodeHttp("20", FIXED)]),
      expect: "some",
    }),
    checked({
      name: "two targets, both fixed",
      target: group("two targets", [nodeHttp("20", FIXED), nodeHttp("20", FIXED)]),
      expect: "clean",
    }),
  ],
};
