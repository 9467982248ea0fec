/** Why a file was not read, or not to its end; what could be read has been handed on. */
export class FileProblem extends Error {}

/** Files of another format by their first bytes, and what to do about each; null for text. */
export const otherFormatOf = (head: Buffer): string | null =>
  FORMATS.find(([magic]) => head.subarray(0, magic.length).equals(Buffer.from(magic, "latin1")))?.[1] ?? null;

const FORMATS: readonly [magic: string, reason: string][] = [
  ["PAR1", "it is a Parquet file, which is not read here: let the log be written as plain text or JSON, or use Athena"],
  ["\x28\xb5\x2f\xfd", "it is compressed with zstd, which is not read here: zstd -d FILE"],
  ["\xfd7zXZ", "it is compressed with xz, which is not read here: xz -d FILE"],
  ["BZh", "it is compressed with bzip2, which is not read here: bzip2 -d FILE"],
  ["PK\x03\x04", "it is a zip file, which is not read here: unzip it"],
];
