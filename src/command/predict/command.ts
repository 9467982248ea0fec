import { type LogPrediction, predictFromLog } from "../../model/log-gaps.ts";
import { type Prediction, predict, type Situation } from "../../model/predict.ts";
import { cell } from "../../report/markup.ts";
import { prepareFolder, writeTogether } from "../../report/write.ts";
import { EXIT } from "../../run/exit.ts";
import { define } from "../define.ts";
import { type PredictOptions, predictCommandLine } from "./options.ts";
import { readPools } from "./read-log.ts";
import { logPredictionLines, predictionLines } from "./words.ts";

/** What --json prints. */
interface Predicted {
  schema: typeof PREDICTION_SCHEMA;
  situation: Situation;
  /** null where it is from a log. */
  prediction: Prediction | null;
  fromLog: LogPrediction | null;
}

const PREDICTION_SCHEMA = "alb502/prediction/1";

/** npm run predict: how many requests a day ordinary traffic loses. */
export const main = define<PredictOptions, LogPrediction | null, Predicted>({
  commandLine: predictCommandLine,
  run: async (run, { logs, situation }) =>
    logs.length === 0 ? null : predictFromLog(await readPools(run, logs), situation),
  result: (fromLog, { situation }) => ({
    ...{ schema: PREDICTION_SCHEMA, situation, fromLog },
    prediction: fromLog === null ? predict(situation) : null,
  }),
  json: predictionJson,
  folder: {
    prepare: (path) => prepareFolder(path, ["summary.md", "prediction.json"]),
    write: (path, predicted) =>
      writeTogether(path, {
        "summary.md": `## alb502 predict\n\n${linesOf(predicted).map(cell).join("\n\n")}\n`,
        "prediction.json": predictionJson(predicted),
      }),
  },
  tell: (progress, predicted) => progress.line(linesOf(predicted).join("\n")),
  exitCode: () => EXIT.asExpected,
});

function predictionJson(predicted: Predicted): string {
  return `${JSON.stringify(predicted, null, 2)}\n`;
}

function linesOf({ situation, prediction, fromLog }: Predicted): string[] {
  if (fromLog !== null) return logPredictionLines(situation, fromLog);
  return prediction === null ? [] : predictionLines(situation, prediction);
}
