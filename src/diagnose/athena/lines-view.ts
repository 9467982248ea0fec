import { TABLE } from "../../alb-log/athena/table.ts";

export const VIEW = "alb502_lines";

/**
 * Every line with its cause, judged by that line alone, as cause.ts judges it, in the same order:
 * test/diagnose/athena/agree.test.ts holds one against the other. It needs AWS's own columns only, so that it works on a
 * table which AWS's statement made, too. Athena and DuckDB both take it as it stands.
 */
export const linesView = (): string => `CREATE OR REPLACE VIEW ${VIEW} AS
WITH timed AS (
  SELECT *,
    ${timestampOf("time")} AS answered_at,
    ${timestampOf("request_creation_time")} AS asked_at
  FROM ${TABLE}
),
judged AS (
  SELECT *,
    CASE
      WHEN type IS NULL THEN 'unread'
      WHEN elb_status_code IS NULL OR elb_status_code NOT BETWEEN 500 AND 599 THEN NULL
      WHEN target_status_code LIKE '5%' THEN 'own high'
      WHEN NOT ${none("target_status_code")} THEN 'bad-answer medium'
      -- What the load balancer does without asking a target.
      WHEN actions_executed LIKE '%fixed-response%' THEN 'fixed-response high'
      WHEN lambda_error_reason LIKE 'Lambda%' THEN 'lambda high'
      WHEN lambda_error_reason LIKE 'Auth%' THEN 'authenticate high'
      WHEN lambda_error_reason LIKE 'WAF%' THEN 'waf high'
      WHEN NOT ${none("lambda_error_reason")} THEN 'other high'
      WHEN elb_status_code = 561 OR ${lastAction("authenticate")} THEN 'authenticate high'
      WHEN ${lastAction("waf")} OR ${lastAction("waf-failed")} THEN 'waf high'
      WHEN ${lastAction("redirect")} THEN 'other high'
      WHEN elb_status_code = 503 AND ${none("target_ip")} THEN 'no-target high'
      WHEN elb_status_code = 503 THEN 'no-target medium'
      -- A connection is given up after 10 s; a silent target takes the idle timeout.
      WHEN elb_status_code = 504 AND ${none("target_ip")} THEN 'timeout medium'
      WHEN elb_status_code = 504 AND request_processing_time >= 0 THEN 'timeout high'
      WHEN elb_status_code = 504 AND (asked_at IS NULL OR answered_at IS NULL) THEN 'timeout medium'
      WHEN elb_status_code = 504 AND date_diff('millisecond', asked_at, answered_at) BETWEEN 9500 AND 11000 THEN 'connect high'
      WHEN elb_status_code = 504 THEN 'timeout high'
      WHEN elb_status_code <> 502 OR ${none("target_ip")} THEN 'other low'
      WHEN request_processing_time < 0 AND target_processing_time < 0 THEN 'connect medium'
      WHEN coalesce(request_processing_time, -1) < 0 OR coalesce(target_processing_time, -1) < 0 THEN 'connect low'
      WHEN response_processing_time >= 0 THEN 'bad-answer low'
      WHEN target_processing_time <= 0.025 THEN 'race high'
      WHEN target_processing_time <= 0.1 THEN 'race medium'
      WHEN target_processing_time <= 1 THEN 'closed medium'
      ELSE 'closed high'
    END AS verdict
  FROM timed
)
SELECT *, split_part(verdict, ' ', 1) AS cause, split_part(verdict, ' ', 2) AS sure FROM judged`;

/** To the ms, as both engines and cause.ts read it. Trino's cast takes a blank where the log has a T, and no Z. */
const timestampOf = (column: string): string =>
  `TRY_CAST(replace(substr(${column}, 1, 10) || ' ' || substr(${column}, 12, 12), 'Z', '') AS timestamp)`;

/** "-"; nothing, where AWS's own regular expression leaves the "-" out; NULL, where the line is older than the field. */
const none = (column: string): string => `coalesce(${column}, '') IN ('', '-')`;

const lastAction = (action: string): string => `',' || actions_executed LIKE '%,${action}'`;
