import { describe, expect, test } from "vitest";

import { coordinates, distance, metres, pathLength, plane, positionAt, roundLength } from "../src/player/geo";

describe("the path on the ground", () => {
  test("one degree of latitude is 111.2 km", () => {
    expect(metres([0, 0, 51], [0, 0, 52])).toBeCloseTo(111_195, -1);
  });

  test("one degree of longitude shrinks with latitude", () => {
    expect(metres([0, 0, 60], [0, 1, 60]) / metres([0, 0, 0], [0, 1, 0])).toBeCloseTo(0.5, 3);
  });

  test("a path is as long as its pieces", () => {
    const there = [[0, 0, 51], [1, 0, 51.001], [2, 0, 51]] as [number, number, number][];
    expect(pathLength(there)).toBeCloseTo(222.4, 1);
    expect(pathLength([])).toBe(0);
  });

  test("between two fixes the device is on the line between them", () => {
    const points = [[10, 0, 50], [20, 1, 52]] as [number, number, number][];
    expect(positionAt(points, 15)).toEqual([15, 0.5, 51]);
    expect(positionAt(points, 0)).toEqual([10, 0, 50]);
    expect(positionAt(points, 99)).toEqual([20, 1, 52]);
    expect(positionAt([], 5)).toBeNull();
  });

  test("two fixes of the same second divide by nothing", () => {
    expect(positionAt([[5, 0, 50], [5, 1, 51]], 5)).toEqual([5, 0, 50]);
  });

  test("the flat drawing agrees with the distance on the ground", () => {
    const flat = plane([[0, -0.12, 51.46], [1, -0.11, 51.47]]);
    const across = metres([0, -0.12, 51.465], [0, -0.11, 51.465]);
    expect(Math.abs(flat.width - across) / across).toBeLessThan(0.001);
  });

  test("scale bars are round", () => {
    expect(roundLength(137)).toBe(100);
    expect(roundLength(60)).toBe(50);
    expect(roundLength(0.25)).toBeCloseTo(0.2, 9);
    expect(distance(50)).toBe("50 m");
    expect(distance(1234)).toBe("1.2 km");
  });

  test("positions name their side of the world", () => {
    expect(coordinates([0, -0.1142, 51.4621])).toBe("51.46210° N, 0.11420° W");
    expect(coordinates([0, 151.2, -33.9])).toBe("33.90000° S, 151.20000° E");
  });
});
