/** Nobody's: 12 digits like an AWS account, but not one, and no region has that name. */
const ACCOUNT = "000000000000";
const REGION = "local";

/** The LB as its log names it: `app/NAME/ID`. */
export const loadBalancerId = (run: string): string => `app/alb502-${run}/0000000000000000`;

/**
 * Where S3 would hold the log, from the bucket on:
 * AWSLogs/ACCOUNT/elasticloadbalancing/REGION/yyyy/mm/dd/ACCOUNT_elasticloadbalancing_REGION_app.NAME.ID_END_NODE_RANDOM.log.gz
 * @param end of the five minutes that the file holds
 * @param random eight letters and digits
 */
export function albLogFileName({ run, end, random }: { run: string; end: Date; random: string }): string {
  const [day, time] = end.toISOString().split("T") as [string, string];
  const endTime = `${day.replaceAll("-", "")}T${time.slice(0, 5).replace(":", "")}Z`;
  const id = loadBalancerId(run).replaceAll("/", ".");
  const name = [ACCOUNT, "elasticloadbalancing", REGION, id, endTime, NODE, random].join("_");
  return `AWSLogs/${ACCOUNT}/elasticloadbalancing/${REGION}/${day.replaceAll("-", "/")}/${name}.log.gz`;
}

/** An ALB writes a file for each node. The simulated nodes share one address, and so one file. */
const NODE = "127.0.0.1";

/** In the folder that --out names. */
export const ALB_LOG_FOLDER = "alb-access-log";
