import { type LogPrediction, type LogSituation, predictFromLog } from "../../model/log-gaps.ts";
import { type Prediction, predict, type Situation } from "../../model/predict.ts";
import { cell } from "../../report/markup.ts";
import { prepareFolder, writeTogether } from "../../report/write.ts";
import { EXIT } from "../../run/exit.ts";
import { define } from "../define.ts";
import { type PredictOptions, predictCommandLine } from "./options.ts";
import { type LogRead, readPools } from "./read-log.ts";
import { logPredictionLines, predictionLines } from "./words.ts";

/** What --json prints. */
type Predicted = { schema: typeof PREDICTION_SCHEMA } & (PredictedFromRate | PredictedFromLog);

interface PredictedFromRate {
  situation: Situation;
  prediction: Prediction;
  fromLog: null;
}

interface PredictedFromLog {
  situation: LogSituation;
  prediction: null;
  /** With what of the log was not read. */
  fromLog: LogPrediction & Omit<LogRead, "pools">;
}

const PREDICTION_SCHEMA = "alb502/prediction/1";

/** npm run predict: how many requests a day ordinary traffic loses. */
export const main = define<PredictOptions, PredictedFromRate | PredictedFromLog, Predicted>({
  commandLine: predictCommandLine,
  run: async (run, { asked: { logs, situation } }) => {
    if (logs === null) return { situation, prediction: predict(situation), fromLog: null };
    const { pools, ...unseen } = await readPools(run, logs);
    return { situation, prediction: null, fromLog: { ...predictFromLog(pools, situation), ...unseen } };
  },
  result: (found) => ({ schema: PREDICTION_SCHEMA, ...found }),
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

const linesOf = (predicted: Predicted): string[] =>
  predicted.fromLog === null
    ? predictionLines(predicted.situation, predicted.prediction)
    : logPredictionLines(predicted.situation, predicted.fromLog);
