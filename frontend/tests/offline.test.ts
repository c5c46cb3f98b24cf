import { describe, expect, test } from "vitest";

import { beginOf, into, inUtc, onTheWall, pictureFrom } from "../src/offline/told";

const JULY = Date.UTC(2026, 6, 14, 21, 14, 7, 33);

describe("the player in a package", () => {
  test("tells a moment in UTC and by the clocks on the wall, in summer time too", () => {
    expect(inUtc(JULY)).toBe("2026-07-14 21:14:07.033 UTC");
    expect(onTheWall(JULY, "Europe/London")).toBe("14 July 2026, 22:14:07.033 BST");
    expect(onTheWall(Date.UTC(2026, 11, 1), "Europe/London")).toBe("1 December 2026, 00:00:00.000 GMT");
  });

  test("goes to the middle of the next picture and of the one before, and never before the first", () => {
    expect(pictureFrom(0, 1, 25)).toBeCloseTo(1.5 / 25, 9);
    expect(pictureFrom(1.5 / 25, 1, 25)).toBeCloseTo(2.5 / 25, 9);
    expect(pictureFrom(2.5 / 25, -1, 25)).toBeCloseTo(1.5 / 25, 9);
    expect(pictureFrom(0, -1, 25)).toBe(0);
  });

  test("knows when the picture on the screen begins", () => {
    expect([0, 0.039, 0.04, 1.5 / 25].map((at) => beginOf(at, 25))).toEqual([0, 0, 0.04, 0.04]);
  });

  test("says how far into a film it is", () => {
    expect([into(0), into(75.5), into(59.999), into(600)]).toEqual(["0:00.00", "1:15.50", "0:59.99", "10:00.00"]);
  });
});
