/**
 * The columns of an Athena table over an ALB's access log, in the order of the log's fields. Names and types are those
 * of AWS's own table, so that AWS's example queries run on it; those after conn_trace_id are newer than that table.
 * https://docs.aws.amazon.com/athena/latest/ug/create-alb-access-logs-table-partition-projection.html
 */
export const COLUMNS = [
  ["type", "string"],
  ["time", "string"],
  ["elb", "string"],
  ["client_ip", "string"],
  ["client_port", "int"],
  ["target_ip", "string"],
  ["target_port", "int"],
  ["request_processing_time", "double"],
  ["target_processing_time", "double"],
  ["response_processing_time", "double"],
  ["elb_status_code", "int"],
  ["target_status_code", "string"],
  ["received_bytes", "bigint"],
  ["sent_bytes", "bigint"],
  ["request_verb", "string"],
  ["request_url", "string"],
  ["request_proto", "string"],
  ["user_agent", "string"],
  ["ssl_cipher", "string"],
  ["ssl_protocol", "string"],
  ["target_group_arn", "string"],
  ["trace_id", "string"],
  ["domain_name", "string"],
  ["chosen_cert_arn", "string"],
  ["matched_rule_priority", "string"],
  ["request_creation_time", "string"],
  ["actions_executed", "string"],
  ["redirect_url", "string"],
  ["lambda_error_reason", "string"],
  ["target_port_list", "string"],
  ["target_status_code_list", "string"],
  ["classification", "string"],
  ["classification_reason", "string"],
  ["conn_trace_id", "string"],
  ["transformed_host", "string"],
  ["transformed_uri", "string"],
  ["request_transform_status", "string"],
  ["ip_address", "string"],
  ["rest", "string"],
] as const;

export type Column = (typeof COLUMNS)[number][0];
