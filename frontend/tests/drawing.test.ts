import { describe, expect, test } from "vitest";

import { tile, tileAt } from "../src/filmstrip/tile";
import { loudest, ticks, wavePath } from "../src/player/drawing";

describe("the wave", () => {
  test("a single shout survives being drawn small", () => {
    const peaks = new Array<number>(1000).fill(1);
    peaks[777] = 255;
    expect(loudest(peaks, 10)).toEqual([1, 1, 1, 1, 1, 1, 1, 255, 1, 1]);
  });

  test("a part is drawn where it lies in the recording", () => {
    const part = { src: "", type: "", label: "", start: 30, duration: 10 };
    const path = wavePath({ part: 0, peaks_per_second: 1, peaks: new Array(10).fill(200) }, part, 40, 1000, 80);
    const xs = [...path.matchAll(/[ML](\d+\.\d) /g)].map((found) => Number(found[1]));
    expect(Math.min(...xs)).toBeGreaterThanOrEqual(750);
    expect(Math.max(...xs)).toBeLessThanOrEqual(1000);
  });

  test("no peaks draw nothing", () => {
    const part = { src: "", type: "", label: "", start: 0, duration: 0 };
    expect(wavePath({ part: 0, peaks_per_second: 1, peaks: [] }, part, 0, 1000, 80)).toBe("");
  });
});

test("ticks stand on round times of the clock", () => {
  expect(ticks("2026-11-14T21:15:40.000Z", 60, 6)).toEqual([5, 20, 35, 50]);
  expect(ticks("2026-11-14T21:15:40.000Z", 60, 3).map((at) => (at + 40) % 30)).toEqual([0, 0]);
  expect(ticks("", 10, 5).length).toBeGreaterThan(0);
});

describe("the filmstrip", () => {
  const sheet = { src: "/a.jpg", columns: 6, rows: 4, tile_width: 160, tile_height: 90, count: 20 };

  test("a share of the strip is a tile, and never one that is not there", () => {
    expect(tileAt(sheet, 0).index).toBe(0);
    expect(tileAt(sheet, 0.5).index).toBe(10);
    expect(tileAt(sheet, 1).index).toBe(19);
    expect(tileAt(sheet, -1).index).toBe(0);
  });

  test("a tile is placed in per cent of the sheet", () => {
    expect(tile(sheet, 8)).toEqual({ index: 8, size: "600% 400%", position: "40% 33.33333333333333%" });
  });

  test("a sheet of one tile divides by nothing", () => {
    expect(tile({ ...sheet, columns: 1, rows: 1, count: 1 }, 0).position).toBe("0% 0%");
  });
});
