import { describe, expect, test } from "vitest";

import { shownUntil, typed } from "../src/player/clipping";

describe("marks in the form", () => {
  test("are written so that the server reads the same moment", () => {
    expect(typed(75.48)).toBe("1:15.480");
    expect(typed(0)).toBe("0:00.000");
    expect(typed(3661.0005)).toBe("1:01:01.001");
  });

  test("the picture at the out point is the last one, wherever in it the player stands", () => {
    expect(shownUntil(2, 25)).toBeCloseTo(2.04);
    expect(shownUntil(2.039, 25)).toBeCloseTo(2.04);
    expect(shownUntil(2.04, 25)).toBeCloseTo(2.08);
  });
});
