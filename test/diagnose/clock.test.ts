import assert from "node:assert/strict";
import { test } from "node:test";
import { createClock } from "../../src/diagnose/clock.ts";

test("A time is read as Date reads it, to the millisecond, wherever in the line and in whatever order it comes.", () => {
  const timeAt = createClock();
  const start = Date.parse("2018-07-02T22:23:00.186Z");
  for (let i = 0; i < 5000; i++) {
    // Steps of minutes, hours and days, forward and back, with every kind of second and fraction among them.
    const ms = start + ((i * 7_919_993) % (400 * 24 * 3_600_000));
    const time = `${new Date(ms).toISOString().slice(0, -1)}641Z`;
    assert.equal(timeAt(`https ${time} app/lb`, 6), ms, time);
    assert.equal(timeAt(time, 0), ms, time);
  }
});

test("A time without a fraction is the second itself.", () => {
  assert.equal(createClock()("2018-07-02T22:23:59Z", 0), Date.parse("2018-07-02T22:23:59Z"));
});

test("Text that is not a time is NaN, and does not spoil the next one.", () => {
  const timeAt = createClock();
  for (const text of [
    "- app/my-loadbalancer/50dc6c495c0c9188",
    "yesterday, at about noon",
    "2018-13-02T22:23:00.186641Z",
    "2018-07-02T22:23:xx.186641Z",
    "2018-07-02T22:23:0x.186641Z",
    "2018-07-02T22:23:61.186641Z",
    "2018-07-02T22:23:00.1x6641Z",
    "2018-07-02T22:23",
    "2018-07-02T22:23 00.186641Z",
  ]) {
    assert.ok(Number.isNaN(timeAt(text, 0)), text);
    assert.equal(timeAt("2018-07-02T22:23:00.186641Z", 0), Date.parse("2018-07-02T22:23:00.186Z"));
  }
});
