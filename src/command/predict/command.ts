import { type Prediction, predict, type Situation } from "../../model/predict.ts";
import { EXIT } from "../../run/exit.ts";
import { define } from "../define.ts";
import { type PredictOptions, predictCommandLine } from "./options.ts";
import { predictionLines } from "./words.ts";

/** What --json prints. */
interface Predicted {
  schema: typeof PREDICTION_SCHEMA;
  situation: Situation;
  prediction: Prediction;
}

const PREDICTION_SCHEMA = "alb502/prediction/1";

/** npm run predict: how many requests a day ordinary traffic loses. */
export const main = define<PredictOptions, Situation, Predicted>({
  commandLine: predictCommandLine,
  run: async (_run, { situation }) => situation,
  result: (situation) => ({ schema: PREDICTION_SCHEMA, situation, prediction: predict(situation) }),
  json: (predicted) => `${JSON.stringify(predicted, null, 2)}\n`,
  tell: (progress, { situation, prediction }) => progress.line(predictionLines(situation, prediction).join("\n")),
  exitCode: () => EXIT.asExpected,
});
