import { commandLine } from "../src/cli/command-line.ts";
import { JSON_OPTION, type OutputOptions } from "../src/cli/output-options.ts";
import { parseWholeNumber } from "../src/cli/values.ts";
import { define } from "../src/command/define.ts";
import { NODES, nodeVersion } from "../src/parts/node.ts";
import { compareVersions } from "../src/parts/version.ts";
import { measured } from "../src/record/units.ts";
import { UsageError } from "../src/run/exit.ts";
import { labExitCode } from "./exit-code.ts";
import type { Arm } from "./experiment.ts";
import { nodeVersions } from "./experiments/node-versions.ts";
import { labJson } from "./folder.ts";
import { type LabArm, type LabResult, labResult } from "./record.ts";
import { runLab } from "./run-lab.ts";

interface MatrixOptions extends OutputOptions {
  arms: readonly Arm[];
  atOnce: number;
}

const help =
  (): string => `npm run matrix -- [options]: every Node from 8 on: what it claims, when it closes, what is lost

Writes a Markdown table: the Keep-Alive header, the measured idle close, and the requests lost of those that met a
close, before and after keepAliveTimeout 65 s and headersTimeout 66 s.

  --node LIST      only these, of ${Object.keys(NODES).join(", ")}
  --at-once N      how many measurements at a time (default 6); each is mostly waiting
  --json           print the measurements to standard output, and nothing else there
  --help           this text

Exit code: 0 all as expected, 1 something was not, 2 usage or environment, 3 inconclusive, 130 interrupted.`;

/** npm run matrix. */
export const main = define<MatrixOptions, LabResult["experiments"], LabResult>({
  commandLine: commandLine({
    called: "npm run matrix",
    help,
    options: { node: { type: "string" }, "at-once": { type: "string", default: "6" }, ...JSON_OPTION },
    read: ({ node, "at-once": atOnce, json }) => ({
      ...{ json, out: null, arms: node === undefined ? nodeVersions.arms : node.split(",").flatMap(armsOf) },
      atOnce: parseWholeNumber("--at-once", atOnce, { min: 1, max: 16 }),
    }),
  }),
  run: (run, { arms, atOnce }) => runLab(run, { experiments: [{ ...nodeVersions, arms }], atOnce }),
  result: labResult,
  json: labJson,
  tell: (progress, { experiments }) => progress.line(`\n${matrixTable(experiments[0]!.arms)}`),
  exitCode: labExitCode,
});

/** The arms of one version, before and after. @throws UsageError for a version that is not measured here */
function armsOf(node: string): Arm[] {
  nodeVersion(node);
  const arms = nodeVersions.arms.filter(({ name }) => name === `Node ${node}` || name === `Node ${node}, 65 s`);
  if (arms.length > 0) return arms;
  throw new UsageError(`--node is "${node}", expected versions by their short names: ${Object.keys(NODES).join(", ")}`);
}

/** One row a version, of its two measurements. */
export function matrixTable(arms: readonly LabArm[]): string {
  const rows = arms
    .filter(({ name }) => !name.endsWith(", 65 s"))
    .sort((a, b) => compareVersions(versionOf(a), versionOf(b)))
    .map((before) => {
      const after = arms.find(({ name }) => name === `${before.name}, 65 s`);
      const close = before.idleCloseMs === null ? "-" : measured(before.idleCloseMs);
      return [
        `Node ${versionOf(before)}`,
        before.more.claims ?? "nothing",
        close,
        lostOf(before),
        after ? lostOf(after) : "-",
      ];
    });
  const heading = ["version", "claims", "closes after", "lost before", "lost after, 65 s"];
  return [heading, heading.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

/** "20.20.2"; of a target that did not start, as it is called here: "20". */
const versionOf = ({ name, versions }: LabArm): string => (versions.target ?? name).replace(/^Node /, "");

const lostOf = ({ lost, attempts, asExpected }: LabArm): string =>
  `${lost} of ${attempts}${asExpected === true ? "" : asExpected === null ? " (inconclusive)" : " (!)"}`;
