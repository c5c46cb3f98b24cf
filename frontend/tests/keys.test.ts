import { describe, expect, test } from "vitest";

import { KEYS, actionFor, nextSpeed, shuttle } from "../src/player/keys";

const press = (key: string, more = {}) => ({
  key, shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, ...more,
});

describe("keys", () => {
  test.each([
    ["j", "back"], ["K", "pause"], ["l", "forward"], [",", "frame-back"], [".", "frame-on"],
    ["Home", "start"], ["m", "bookmark"], ["[", "mark-in"], ["]", "mark-out"], ["i", "mark-in"], ["o", "mark-out"], ["?", "help"],
  ])("%s means %s", (key, action) => {
    expect(actionFor(press(key))).toBe(action);
  });

  test("shift makes the arrows finer", () => {
    expect(actionFor(press("ArrowRight"))).toBe("on-5");
    expect(actionFor(press("ArrowRight", { shiftKey: true }))).toBe("on-1");
  });

  test("a question mark needs shift on most keyboards and still asks for help", () => {
    expect(actionFor(press("?", { shiftKey: true }))).toBe("help");
  });

  test("the browser keeps its own combinations", () => {
    expect(actionFor(press("f", { ctrlKey: true }))).toBeNull();
    expect(actionFor(press("l", { metaKey: true }))).toBeNull();
  });

  test("no key is claimed twice", () => {
    const claims = KEYS.flatMap((k) => k.keys.map((key) => `${key} ${k.shift ?? "any"}`));
    expect(new Set(claims).size).toBe(claims.length);
  });
});

describe("speeds", () => {
  test("go one step along the table and stop at its ends", () => {
    expect(nextSpeed(1, 1)).toBe(1.5);
    expect(nextSpeed(0.25, -1)).toBe(0.25);
    expect(nextSpeed(16, 1)).toBe(16);
    expect(nextSpeed(-2, 1)).toBe(-4);
  });

  test("L doubles while playing, and turns round at single speed", () => {
    expect(shuttle(1, false, 1)).toBe(1);
    expect(shuttle(1, true, 1)).toBe(2);
    expect(shuttle(16, true, 1)).toBe(16);
    expect(shuttle(4, true, -1)).toBe(-1);
    expect(shuttle(-1, true, -1)).toBe(-2);
    expect(shuttle(0.25, true, 1)).toBe(1);
  });
});
