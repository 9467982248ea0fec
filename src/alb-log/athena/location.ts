import { UsageError } from "../../run/exit.ts";

/** Where S3 holds the logs of one account and region: the folder with a folder for each year in it. */
export interface Location {
  /** From s3:// to the region, without a slash at the end. */
  url: string;
  /** Of its parts those that nobody gave: "<BUCKET>" and so on are to be replaced. */
  placeholders: readonly string[];
}

/** What is to be replaced, where no location is given. */
export const SOMEWHERE: Location = {
  url: "s3://<BUCKET>/AWSLogs/<ACCOUNT>/elasticloadbalancing/<REGION>",
  placeholders: ["<BUCKET>", "<ACCOUNT>", "<REGION>"],
};

/**
 * "s3://bucket/prefix/AWSLogs/123456789012/elasticloadbalancing/eu-west-1", with whatever follows left out: as
 * `aws s3 ls` and the console show the folder. Nothing in it can end the SQL's literal or be read as a variable there.
 * @throws UsageError naming the text
 */
export function parseLocation(text: string): Location {
  const [url] = FOLDER.exec(text) ?? [];
  if (url !== undefined) return { url, placeholders: [] };
  throw new UsageError(
    `the place of the logs is ${JSON.stringify(text)}, expected s3://BUCKET[/PREFIX]/AWSLogs/ACCOUNT/elasticloadbalancing/REGION; or leave it out, and replace the placeholders`,
  );
}

/** A bucket's name by S3's rules, and of the characters of a key those that need no escape anywhere. */
const FOLDER =
  /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:\/[\w!.*()=+@:,-]+)*?\/AWSLogs\/\d{12}\/elasticloadbalancing\/[a-z]{2,}(?:-[a-z]+)+-\d+(?=\/|$)/;
