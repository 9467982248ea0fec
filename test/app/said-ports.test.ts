import assert from "node:assert/strict";
import { test } from "node:test";
import { saidPorts } from "../../src/app/said-ports.ts";

test("The ports that an app says it listens at are found, the last one first.", () => {
  const lines: [line: string, ports: number[]][] = [
    ["Example app listening on port 4000", [4000]],
    ["  - Local:        http://localhost:3001", [3001]],
    ["Uvicorn running on http://127.0.0.1:8000 (Press CTRL+C to quit)", [8000]],
    ["Tomcat started on port 8080 (http) with context path '/'", [8080]],
    ["Tomcat started on port(s): 8081 (http)", [8081]],
    ["* Listening on http://[::1]:9292", [9292]],
    ["listening on [::]:5000", [5000]],
    ["Server at 0.0.0.0:7000 and http://app.internal:7001/", [7001, 7000]],
    ["GET / 200 in 12 ms", []],
    ["12:30:59 INFO ready", []],
    ["http://localhost:99999", []],
  ];
  for (const [line, ports] of lines) assert.deepEqual(saidPorts([line]), ports, line);
  assert.deepEqual(saidPorts(["port 1111", "port: 2222", "port=1111"]), [1111, 2222]);
});
