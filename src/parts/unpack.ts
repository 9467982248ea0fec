import { promisify } from "node:util";
import { gunzip, inflateRaw } from "node:zlib";

/** The file that was looked for, or why it was not found, as a clause. */
export type Unpacked = { content: Buffer } | { problem: string };

/**
 * The one regular file `path` of an archive whose name ends with ".tar.gz" or ".zip", in memory. No other entry is
 * unpacked, and no name in the archive becomes a path. Reads what releases are made of: no zip64, no encryption.
 * @param mostBytes what it may have when unpacked
 */
export async function unpack(archive: Buffer, name: string, path: string, mostBytes: number): Promise<Unpacked> {
  try {
    const content = name.endsWith(".zip")
      ? await fromZip(archive, path, mostBytes)
      : fromTar(await promisify(gunzip)(archive, { maxOutputLength: mostBytes }), path);
    return content === null ? { problem: `has no file ${path}` } : { content };
  } catch (error) {
    return { problem: `cannot be unpacked (${(error as Error).message})` };
  }
}

const BLOCK = 512;

/** https://www.gnu.org/software/tar/manual/html_node/Standard.html */
function fromTar(tar: Buffer, path: string): Buffer | null {
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0; ) {
    const header = tar.subarray(at, at + BLOCK);
    const size = Number.parseInt(text(header.subarray(124, 136)).trim() || "0", 8);
    if (!Number.isSafeInteger(size) || size < 0) throw new RangeError("an entry has no size");
    const start = at + BLOCK;
    const prefix = text(header.subarray(257, 262)) === "ustar" ? text(header.subarray(345, 500)) : "";
    const name = `${prefix && `${prefix}/`}${text(header.subarray(0, 100))}`.replace(/^\.\//, "");
    if (name === path && REGULAR.has(header[156]!)) {
      if (start + size > tar.length) throw new RangeError("it ends early");
      return tar.subarray(start, start + size);
    }
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  return null;
}

/** The type "0"; NUL in archives older than POSIX. */
const REGULAR = new Set([0x30, 0]);

const text = (field: Buffer): string => field.toString("utf8").split("\0", 1)[0]!;

/** https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, sections 4.3.7, 4.3.12 and 4.3.16 */
async function fromZip(zip: Buffer, path: string, mostBytes: number): Promise<Buffer | null> {
  const end = zip.lastIndexOf("PK\x05\x06", undefined, "latin1");
  if (end < 0) throw new RangeError("it is no zip archive, or ends early");
  let at = zip.readUInt32LE(end + 16);
  for (let entries = zip.readUInt16LE(end + 10); entries > 0; entries--) {
    const nameBytes = zip.readUInt16LE(at + 28);
    if (zip.toString("utf8", at + 46, at + 46 + nameBytes) === path) {
      const method = zip.readUInt16LE(at + 10);
      const packed = dataAt(zip, zip.readUInt32LE(at + 42), zip.readUInt32LE(at + 20));
      if (method === 0) return packed;
      if (method === 8) return promisify(inflateRaw)(packed, { maxOutputLength: mostBytes });
      throw new RangeError(`its compression method is ${method}`);
    }
    at += 46 + nameBytes + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return null;
}

/** An entry's local header has lengths of its own. */
function dataAt(zip: Buffer, header: number, bytes: number): Buffer {
  const start = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
  if (start + bytes > zip.length) throw new RangeError("it ends early");
  return zip.subarray(start, start + bytes);
}
