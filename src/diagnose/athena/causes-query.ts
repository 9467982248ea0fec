import { VIEW } from "./lines-view.ts";

/** Days as the table's partitions are called: "2026/11/20". */
export interface Days {
  from: string;
  /** Included. */
  to: string;
}

/**
 * How many requests failed for each cause, and when, in Athena's SQL and DuckDB's. A deploy is no matter of one line: a
 * target's failures in its last minute are one where deploy.ts says so of the target, by the same rule. What diagnose
 * says of a whole log besides, such as a rate that no race can have, is left to the reader: the share is there.
 */
export const causesQuery = ({ from, to }: Days): string => `WITH requests AS (
  SELECT *, coalesce(target_ip, '-') || ':' || coalesce(CAST(target_port AS varchar), '') AS target,
    cause IN ('race', 'closed', 'connect') AS may_be_deploy
  FROM ${VIEW}
  WHERE day BETWEEN '${from}' AND '${to}'
),
asked AS (SELECT * FROM requests WHERE cause IS DISTINCT FROM 'unread' AND coalesce(target_ip, '') NOT IN ('', '-')),
lives AS (
  SELECT target, count(*) AS requests, min(answered_at) AS first_at, max(answered_at) AS last_at,
    count_if(coalesce(target_status_code, '') NOT IN ('', '-')) AS answered
  FROM asked GROUP BY target
),
ends AS (
  SELECT lives.target, lives.requests, first_at, last_at, answered,
    count_if(answered_at >= last_at - INTERVAL '60' SECOND) AS failed_at_end,
    count_if(answered_at < last_at - INTERVAL '60' SECOND) AS failed_before
  FROM lives JOIN asked ON asked.target = lives.target AND may_be_deploy
  GROUP BY lives.target, lives.requests, first_at, last_at, answered
),
minutes AS (SELECT date_trunc('minute', answered_at) AS began, count(*) AS requests FROM asked GROUP BY 1),
traffic AS (
  SELECT ends.target, ends.requests, first_at, last_at, answered, failed_at_end, failed_before,
    sum(CASE WHEN began BETWEEN date_trunc('minute', first_at) AND date_trunc('minute', last_at) THEN minutes.requests ELSE 0 END) AS during,
    sum(CASE WHEN began >= date_trunc('minute', last_at + INTERVAL '60' SECOND) THEN minutes.requests ELSE 0 END) AS later
  FROM ends CROSS JOIN minutes
  GROUP BY ends.target, ends.requests, first_at, last_at, answered, failed_at_end, failed_before
),
leaving AS (
  SELECT target, last_at FROM traffic
  WHERE answered > 0 AND failed_at_end > 0 AND (failed_before = 0 OR failed_at_end >= 2)
    AND failed_at_end >= 10 * (CAST(failed_before AS double) * 60000 / greatest(60000, date_diff('millisecond', first_at, last_at) - 60000))
    AND CAST(requests AS double) / greatest(requests, during) * later >= 10
),
sorted AS (
  SELECT requests.target, answered_at, sure,
    CASE WHEN may_be_deploy AND answered_at >= last_at - INTERVAL '60' SECOND THEN 'deploy' ELSE cause END AS cause
  FROM requests LEFT JOIN leaving ON leaving.target = requests.target
)
SELECT cause, sure, count(*) AS requests,
  round(100.0 * count(*) / (SELECT count(*) FROM sorted), 3) AS share_percent,
  count(DISTINCT target) AS targets, min(answered_at) AS first_at, max(answered_at) AS last_at
FROM sorted
WHERE cause IS NOT NULL
GROUP BY cause, sure
ORDER BY requests DESC`;
