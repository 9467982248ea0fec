import { isOk } from "../../../../scenarios/lib/ok-status.ts";
import { duration } from "../../../cli/values.ts";
import { type EdgeLine, edgeLines } from "../../../evidence/edge-log.ts";
import type { ResultRun } from "../../../record/result.ts";
import { noProbe } from "../../../report/probe-part.ts";
import { runtimeVersions } from "../../../stage/runtime.ts";
import { clopperPearson } from "../../../verdict/interval.ts";
import { judgeDeploy } from "../../../verdict/judge-deploy.ts";
import type { Asked, Found } from "../../result-command.ts";
import { checkAsked } from "../result.ts";
import { linesThatCount } from "./lines-that-count.ts";
import type { DeployOptions } from "./options.ts";
import { type DeployRun, USERS } from "./run.ts";

/** The command itself may hold a secret: whether there was one is enough. */
export function deployAsked(options: DeployOptions): Asked {
  const { lb, settings, ...asked } = checkAsked(options);
  const { aim, connections, "max-wait": maxWait, framework, thorough, "k6-dashboard": dashboard, ...heeded } = settings;
  return {
    ...asked,
    lb: { ...lb, nodes: USERS },
    settings: {
      ...heeded,
      deploy: true,
      "deploy-for": duration(options.deployForMs),
      "deploy-timeout": duration(options.deployTimeoutMs),
    },
  };
}

/** What a deploy under traffic showed, judged. */
export function deployFound(seen: DeployRun, options: DeployOptions): Found {
  const lines = linesThatCount(edgeLines(seen.stage.logs.haproxy), seen.stoppedAtMs);
  const isFailed = ({ status, termination }: EdgeLine) =>
    status < 0 || termination.startsWith("C") || !isOk(status, options.okStatus);
  const failed = lines.filter(isFailed);
  const lost = failed.filter(({ up }) => up === "-").length;
  const errors = failed.length - lost;
  const { closes, code, alive, runtime } = seen;
  const { verdict, reasons } = judgeDeploy({ requests: lines.length, lost, errors, closes, code, alive });
  const run: ResultRun = {
    ...{ name: "deploy", expect: options.expect, verdict, reasons },
    target: { description: "the target", keepAliveTimeoutMs: null, url: options.target.origin },
    lbIdleTimeoutMs: options.lbIdleMs,
    // Nothing was aimed: no request was known to be in the window before it was sent.
    ...{ attempts: lines.length, inWindow: 0, lost, lostInWindow: 0, own: 0, fresh: 0 },
    ...{ answered: lines.length - failed.length, down: 0, retried: 0, missed: 0, errors, firstLostMs: null },
    lossRate: lines.length === 0 ? null : clopperPearson(lost, lines.length),
    ...{ window: [], samples: [] },
  };
  return {
    verdict,
    reasons,
    probe: noProbe("a deploy needs none"),
    measuredRttMs: null,
    runs: [run],
    versions: runtimeVersions(runtime),
    settings: { runtime: runtime.name },
  };
}
