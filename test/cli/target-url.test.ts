import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTargetUrl } from "../../src/cli/target-url.ts";
import { UsageError } from "../../src/run/exit.ts";

// The reading alone: nothing here is ever sent anywhere.
const read = (text: string) => parseTargetUrl("npm run check", [text]).href;

const means: [written: string, url: string][] = [
  ["3000", "http://localhost:3000/"],
  ["3000/slow", "http://localhost:3000/slow"],
  ["3000/health?deep=1", "http://localhost:3000/health?deep=1"],
  ["3000?x=1", "http://localhost:3000/?x=1"],
  ["3000/", "http://localhost:3000/"],
  [":3000/health", "http://localhost:3000/health"],
  [" 3000 ", "http://localhost:3000/"],
  ["80/3000", "http://localhost/3000"],
  ["localhost:3000/slow", "http://localhost:3000/slow"],
  ["app.example/3000", "http://app.example/3000"],
  ["https://app.example", "https://app.example/"],
  ["127.0.0.1:3000", "http://127.0.0.1:3000/"],
  ["10.0.0.7", "http://10.0.0.7/"],
  ["http://0.0.0.0:3000/x", "http://0.0.0.0:3000/x"],
  ["http://[::]:3000", "http://[::]:3000/"],
  ["[::1]:3000/x", "http://[::1]:3000/x"],
  ["http://[::ffff:127.0.0.1]:3000", "http://[::ffff:7f00:1]:3000/"],
];

for (const [written, url] of means) {
  test(`"${written}" means ${url}.`, () => assert.equal(read(written), url));
}

const refused: [written: string, line: RegExp][] = [
  ["http://3000/slow", /^the host "3000" would be read as the address 0\.0\.11\.184: .* give localhost:3000$/],
  ["https://3000", /give localhost:3000$/],
  ["http://3000:80/", /"3000" would be read as/],
  ["123456/slow", /"123456" would be read as the address 0\.1\.226\.64: give the address in four numbers/],
  ["2130706433:3000", /would be read as the address 127\.0\.0\.1/],
  ["http://0x7f000001:3000/", /"0x7f000001" would be read as the address 127\.0\.0\.1/],
  ["http://0x7f.1:3000/", /would be read as the address 127\.0\.0\.1/],
  ["127.1:3000", /"127\.1" would be read as the address 127\.0\.0\.1/],
  ["10.1.2:3000", /would be read as the address 10\.1\.0\.2/],
  ["010.0.0.1:3000", /would be read as the address 8\.0\.0\.1/],
  ["0177.0.0.1", /would be read as the address 127\.0\.0\.1/],
  ["http://0/", /"0" would be read as the address 0\.0\.0\.0/],
  ["http://%33000/", /would be read as the address 0\.0\.11\.184/],
  ["http://３０００/", /would be read as the address 0\.0\.11\.184/],
  ["http:\\\\3000/", /would be read as|is not an http/],
  ["http://30\t00/", /would be read as the address 0\.0\.11\.184/],
  ["http://0.0.11.184/slow", /^0\.0\.11\.184 is no address that an app can have/],
  ["0.1.2.3:80", /is no address that an app can have/],
  ["http://[::ffff:0.0.11.184]:80/", /is no address that an app can have/],
  ["http:3000", /is not an http or https URL/],
  ["http:/localhost:3000", /is not an http or https URL/],
  ["70000/slow", /is not an http or https URL/],
  ["0/slow", /is not an http or https URL/],
  ["3000.5", /is not an http or https URL/],
  ["http://u:s3cret@3000/", /has credentials in it/],
  ["", /is not an http or https URL/],
];

for (const [written, line] of refused) {
  test(`"${written}" is refused in one line, before anything is sent.`, () => {
    assert.throws(
      () => read(written),
      (error) => error instanceof UsageError && line.test(error.message) && !/\n|s3cret/.test(error.message),
    );
  });
}
