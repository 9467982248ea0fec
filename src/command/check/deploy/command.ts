import { keptLine } from "../../../report/headline.ts";
import { exitCodeOf } from "../../../verdict/exit-code.ts";
import { resultCommand } from "../../result-command.ts";
import { deployCommandLine } from "./options.ts";
import { deployAsked, deployFound } from "./result.ts";
import { runDeploy } from "./run.ts";

/** npm run check -- URL --deploy CMD: does a deploy of this app lose requests? */
export const deploy = resultCommand({
  commandLine: deployCommandLine,
  run: runDeploy,
  asked: deployAsked,
  found: deployFound,
  tell(progress, { verdict, reasons }, { out }) {
    progress.line(
      `\n${progress.paint(verdict === "clean" ? "bold" : ["bold", "red"], `${verdict.toUpperCase()}. ${reasons[0]}`)}`,
    );
    for (const reason of reasons.slice(1)) progress.line(`- ${reason}`);
    progress.line(keptLine(out));
  },
  exitCode: ({ verdict }, { expect }) => exitCodeOf(verdict, expect),
});
