/**
 * The access log's fields in order, under AWS's names:
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html#access-log-entry-format
 * The rest of the code knows a field by its name alone. AWS adds new ones at the end, and a reader ignores them.
 */
export const FIELDS = [
  { name: "type", quoted: false },
  { name: "time", quoted: false },
  { name: "elb", quoted: false },
  { name: "client:port", quoted: false },
  { name: "target:port", quoted: false },
  { name: "request_processing_time", quoted: false },
  { name: "target_processing_time", quoted: false },
  { name: "response_processing_time", quoted: false },
  { name: "elb_status_code", quoted: false },
  { name: "target_status_code", quoted: false },
  { name: "received_bytes", quoted: false },
  { name: "sent_bytes", quoted: false },
  { name: "request", quoted: true },
  { name: "user_agent", quoted: true },
  { name: "ssl_cipher", quoted: false },
  { name: "ssl_protocol", quoted: false },
  { name: "target_group_arn", quoted: false },
  // Up to here: the first format, of 2016.
  { name: "trace_id", quoted: true },
  { name: "domain_name", quoted: true },
  { name: "chosen_cert_arn", quoted: true },
  { name: "matched_rule_priority", quoted: false },
  { name: "request_creation_time", quoted: false },
  { name: "actions_executed", quoted: true },
  { name: "redirect_url", quoted: true },
  { name: "error_reason", quoted: true },
  { name: "target:port_list", quoted: true },
  { name: "target_status_code_list", quoted: true },
  { name: "classification", quoted: true },
  { name: "classification_reason", quoted: true },
  { name: "conn_trace_id", quoted: false },
  { name: "transformed_host", quoted: true },
  { name: "transformed_uri", quoted: true },
  { name: "request_transform_status", quoted: true },
  // The LB node's own address, which lines have since 2026; AWS's list for CloudFormation names it ip_address.
  { name: "ip_address", quoted: false },
] as const;

export type FieldName = (typeof FIELDS)[number]["name"];

/** One request. "-" = no value; also for fields that the line's format did not have yet. */
export type AlbEntry = Record<FieldName, string>;

/** Where a field stands, from 0. */
export const INDEX = Object.fromEntries(FIELDS.map(({ name }, index) => [name, index])) as Record<FieldName, number>;

/** A line with fewer was cut off. */
export const FEWEST_FIELDS = INDEX.target_group_arn + 1;
