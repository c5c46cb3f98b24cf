import { describe, expect, test } from "vitest";

import { byFrames, gaps, moved, nextFilmed, placeAt } from "../src/player/parts";

const part = (start: number, duration: number) => ({ src: "a", type: "video/mp4", label: "", start, duration });
const PARTS = [part(0, 24), part(30, 16)];

describe("several files as one line of time", () => {
  test("a moment belongs to the file that filmed it", () => {
    expect(placeAt(PARTS, 33.5)).toEqual({ part: 1, offset: 3.5 });
    expect(placeAt(PARTS, 24)).toEqual({ part: 0, offset: 24 });
  });

  test("where two files touch, the later one is played", () => {
    expect(placeAt([part(0, 10), part(10, 5)], 10)).toEqual({ part: 1, offset: 0 });
  });

  test("nothing was filmed in a gap, and the next moment that was follows it", () => {
    expect(placeAt(PARTS, 27)).toBeNull();
    expect(nextFilmed(PARTS, 27)).toBe(30);
    expect(nextFilmed(PARTS, 99)).toBe(46);
  });

  test("gaps are found before, between and after the files, but not in rounding", () => {
    expect(gaps(PARTS, 46)).toEqual([{ from: 24, to: 30 }]);
    expect(gaps([part(2, 8)], 12)).toEqual([{ from: 0, to: 2 }, { from: 10, to: 12 }]);
    expect(gaps([part(0, 9.98), part(10, 5)], 15)).toEqual([]);
  });

  test("a recording without files has nothing to call a gap", () => {
    expect(gaps([], 46)).toEqual([]);
  });
});

describe("frame steps", () => {
  test("a step lands in the middle of the next frame", () => {
    expect(byFrames(0, 25, 1, 10)).toBeCloseTo(0.06, 9);
    expect(byFrames(0.06, 25, 1, 10)).toBeCloseTo(0.1, 9);
    expect(byFrames(0.1, 25, -1, 10)).toBeCloseTo(0.06, 9);
  });

  test("a thousand steps of an odd frame rate lose no frame", () => {
    const rate = 30000 / 1001;
    let at = 0;
    for (let step = 0; step < 1000; step++) at = byFrames(at, rate, 1, 100);
    expect(Math.floor(at * rate)).toBe(1000);
  });

  test("no step leaves the recording", () => {
    expect(byFrames(0.02, 25, -1, 10)).toBeCloseTo(0.02, 9);
    expect(byFrames(9.99, 25, 1, 10)).toBeCloseTo(9.98, 9);
  });
});

describe("playing one picture after the other", () => {
  test("from the last moment one can go back, and only back", () => {
    expect(moved(46, -1, 0, 46)).toEqual({ at: 46, over: false });
    expect(moved(46, -2, 0.5, 46)).toEqual({ at: 45, over: false });
    expect(moved(46, 2, 0.5, 46)).toEqual({ at: 46, over: true });
  });

  test("backwards it is over at the beginning, which is where forwards begins", () => {
    expect(moved(0.4, -1, 0.5, 46)).toEqual({ at: 0, over: true });
    expect(moved(0, 16, 0, 46)).toEqual({ at: 0, over: false });
  });

  test("a frame that began before the key was pressed moves nothing", () => {
    expect(moved(46, -1, -0.12, 46)).toEqual({ at: 46, over: false });
    expect(moved(20, 16, -0.12, 46)).toEqual({ at: 20, over: false });
  });
});
