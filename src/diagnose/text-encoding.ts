/**
 * Text whose lines can be told apart by the byte 10, out of a file's bytes: UTF-16, as PowerShell's > writes it, becomes
 * UTF-8, and a byte order mark is left out. All other bytes are passed on as they are.
 */
export function textDecoder(onText: (text: Buffer) => void): { take(bytes: Buffer): void; end(): void } {
  let head: Buffer | null = Buffer.alloc(0);
  let utf16: InstanceType<typeof TextDecoder> | null = null;

  const pass = (bytes: Buffer) => {
    if (utf16 === null) onText(bytes);
    else {
      const text = utf16.decode(bytes, { stream: true });
      if (text !== "") onText(Buffer.from(text, "utf8"));
    }
  };
  const begin = (bytes: Buffer) => {
    head = null;
    const name = utf16NameOf(bytes);
    if (name !== null) utf16 = new TextDecoder(name);
    pass(name === null && bytes.subarray(0, 3).equals(UTF8_MARK) ? bytes.subarray(3) : bytes);
  };
  return {
    take(bytes) {
      if (head === null) return pass(bytes);
      head = head.length === 0 ? bytes : Buffer.concat([head, bytes]);
      if (head.length >= HEAD_BYTES) begin(head);
    },
    end() {
      if (head !== null && head.length > 0) begin(head);
    },
  };
}

const HEAD_BYTES = 4;
const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** By the mark, or as a line of ASCII begins in it. A file with neither is none. */
function utf16NameOf(head: Buffer): "utf-16le" | "utf-16be" | null {
  const [a, b, c, d] = head;
  if (a === 0xff && b === 0xfe) return "utf-16le";
  if (a === 0xfe && b === 0xff) return "utf-16be";
  if (head.length < HEAD_BYTES) return null;
  if (a !== 0 && b === 0 && c !== 0 && d === 0) return "utf-16le";
  return a === 0 && b !== 0 && c === 0 && d !== 0 ? "utf-16be" : null;
}
