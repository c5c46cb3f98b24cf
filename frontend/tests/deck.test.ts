import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { Deck } from "../src/player/deck";

const part = (start: number, duration: number, src: string) => ({ src, type: "video/mp4", label: "", start, duration });
const PARTS = [part(0, 24, "/0.mp4"), part(30, 16, "/1.mp4")];

/** A video that has loaded whatever it was given, and shows at once the moment it is asked for. */
function loadedVideo(): HTMLVideoElement {
  const video = document.createElement("video");
  Object.defineProperty(video, "readyState", { value: 4 });
  Object.defineProperty(video, "seeking", { value: false });
  return video;
}

describe("the deck", () => {
  let frames: ((now: number) => void)[] = [];
  const draw = (now: number) => frames.splice(0).forEach((frame) => frame(now));
  let deck: Deck;

  beforeEach(() => {
    frames = [];
    vi.stubGlobal("requestAnimationFrame", (frame: (now: number) => void) => frames.push(frame));
    vi.stubGlobal("cancelAnimationFrame", () => (frames = []));
    vi.spyOn(performance, "now").mockReturnValue(1000);
    const video = loadedVideo();
    deck = new Deck(video, PARTS, 46, { changed: () => {}, jumped: () => {}, failed: () => {} });
    deck.seek(46);
    video.dispatchEvent(new Event("loadedmetadata"));
  });

  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  test("plays backwards from the very end, also when the first frame began before the key", () => {
    deck.play(-1);
    draw(900);
    expect(deck.playing).toBe(true);

    draw(2000);
    expect(deck.position).toBeCloseTo(45, 6);
    draw(3000);
    expect(deck.position).toBeCloseTo(44, 6);
  });

  test("stops by itself at the beginning", () => {
    deck.play(-16);
    draw(1000 + 3000);

    expect(deck.playing).toBe(false);
    expect(deck.position).toBe(0);
  });
});
