import { COLUMNS } from "./columns.ts";
import type { Location } from "./location.ts";
import { inputRegex } from "./regex.ts";

export const TABLE = "alb_access_logs";

/**
 * AWS's table with partition projection, and with the newer columns. `input.regex` is one line: a line break at its end,
 * as a heredoc leaves one, is a part of it, and then no row matches.
 * https://docs.aws.amazon.com/athena/latest/ug/create-alb-access-logs-table-partition-projection.html
 */
export function createTable({ url }: Location): string {
  const columns = COLUMNS.map(([name, type]) => `  ${name} ${type}`).join(",\n");
  return `CREATE EXTERNAL TABLE IF NOT EXISTS ${TABLE} (
${columns}
)
PARTITIONED BY (day string)
ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.RegexSerDe'
WITH SERDEPROPERTIES (
  'serialization.format' = '1',
  'input.regex' = '${inputRegex()}'
)
LOCATION '${url}/'
TBLPROPERTIES (
  'projection.enabled' = 'true',
  'projection.day.type' = 'date',
  'projection.day.range' = '2022/01/01,NOW',
  'projection.day.format' = 'yyyy/MM/dd',
  'projection.day.interval' = '1',
  'projection.day.interval.unit' = 'DAYS',
  'storage.location.template' = '${url}/\${day}'
)`;
}
