import { TABLE } from "../../alb-log/athena/table.ts";

export const VIEW = "alb502_lines";

/**
 * Every line with its cause, judged by that line alone, exactly as cause.ts judges it: test/diagnose/athena holds one
 * against the other. Columns are AWS's alone, so that it works on a table which AWS's statement made, too. Athena and
 * DuckDB both take it as it stands.
 */
export const linesView = (): string => `CREATE OR REPLACE VIEW ${VIEW} AS
WITH sorted AS (
  SELECT *,
    TRY_CAST(replace(substr(time, 1, 10) || ' ' || substr(time, 12, 12), 'Z', '') AS timestamp) AS answered_at,
    CASE
      WHEN type IS NULL THEN 'unread'
      WHEN elb_status_code IS NULL OR elb_status_code NOT BETWEEN 500 AND 599 THEN NULL
      WHEN target_status_code LIKE '5%' THEN 'own high'
      WHEN target_status_code <> '-' THEN 'other medium'
      WHEN coalesce(lambda_error_reason, '') NOT IN ('', '-') THEN 'other high'
      WHEN elb_status_code = 503 THEN CASE WHEN ${NO_TARGET} THEN 'no-target high' ELSE 'no-target medium' END
      WHEN elb_status_code = 504 THEN 'timeout high'
      WHEN elb_status_code <> 502 OR ${NO_TARGET} THEN 'other low'
      WHEN request_processing_time < 0 AND target_processing_time < 0 THEN 'connect medium'
      WHEN coalesce(request_processing_time, -1) < 0 OR coalesce(target_processing_time, -1) < 0 THEN 'connect low'
      WHEN response_processing_time >= 0 THEN 'other low'
      WHEN target_processing_time <= 0.025 THEN 'race high'
      WHEN target_processing_time <= 0.1 THEN 'race medium'
      WHEN target_processing_time <= 1 THEN 'closed medium'
      ELSE 'closed high'
    END AS verdict
  FROM ${TABLE}
)
SELECT *, split_part(verdict, ' ', 1) AS cause, split_part(verdict, ' ', 2) AS sure FROM sorted`;

/** AWS's own regular expression leaves an empty text where there is "-". */
const NO_TARGET = "coalesce(target_ip, '') IN ('', '-')";
