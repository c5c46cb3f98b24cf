import { describe, expect, test } from "vitest";

import { inFigures, inWords, offsetInFigures, offsetInWords, wallClock } from "../src/player/words";

describe("lengths", () => {
  test("are said the way a person says them", () => {
    expect(inWords(134)).toBe("2 minutes 14 seconds");
    expect(inWords(3661)).toBe("1 hour 1 minute 1 second");
    expect(inWords(0)).toBe("0 seconds");
    expect(inWords(60)).toBe("1 minute");
  });

  test("are written in figures", () => {
    expect(inFigures(134.9)).toBe("2:14");
    expect(inFigures(3734)).toBe("1:02:14");
  });
});

describe("the wall clock", () => {
  test("shows winter and summer time by the zone's own name", () => {
    expect(wallClock("2026-11-14T21:15:40.200Z", 28.2, "Europe/London")).toEqual({
      time: "21:16:08", hundredths: "40", zone: "GMT",
    });
    expect(wallClock("2026-07-14T21:15:40.000Z", 0, "Europe/London")).toEqual({
      time: "22:15:40", hundredths: "00", zone: "BST",
    });
  });

  test("is cut, never rounded up to a moment that had not come", () => {
    expect(wallClock("2026-11-14T21:15:40.000Z", 0.999, "UTC")?.time).toBe("21:15:40");
    expect(wallClock("2026-11-14T21:15:40.000Z", 0.999, "UTC")?.hundredths).toBe("99");
  });

  test("midnight is 00 and not 24", () => {
    expect(wallClock("2026-11-14T00:00:00Z", 0, "UTC")?.time).toBe("00:00:00");
  });

  test("is not invented when the device gave no time", () => {
    expect(wallClock("", 1, "UTC")).toBeNull();
  });
});

describe("the offset", () => {
  test("has a sign, or says that it is not known", () => {
    expect(offsetInFigures(1.2)).toBe("device, +1.2 s");
    expect(offsetInFigures(-0.5)).toBe("device, −0.5 s");
    expect(offsetInFigures(0.01)).toBe("device, ±0.0 s");
    expect(offsetInFigures(null)).toBe("device, offset not known");
  });

  test("is explained in words", () => {
    expect(offsetInWords(1.2)).toContain("1.2 seconds ahead of ours");
    expect(offsetInWords(-3)).toContain("3.0 seconds behind ours");
  });
});
