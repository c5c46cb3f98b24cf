// What counts as watched: what played without a jump, and only once told.

import { describe, expect, it } from "vitest";

import { Watched } from "../src/player/seen";

describe("what is watched", () => {
  it("is one stretch while it plays on", () => {
    const watched = new Watched();
    for (const at of [0, 0.25, 0.5, 1.5]) watched.at(at);

    expect(watched.take()).toEqual([[0, 1.5]]);
  });

  it("is not what a jump passes over, forwards or back", () => {
    const watched = new Watched();
    for (const at of [0, 1, 30, 31, 5, 6]) watched.at(at);

    expect(watched.take()).toEqual([[0, 1], [30, 31], [5, 6]]);
  });

  it("goes on at speed and ends at a pause", () => {
    const watched = new Watched();
    for (const at of [0, 4, 8]) watched.at(at, 4);
    watched.pause();
    watched.at(9, 4);

    expect(watched.take()).toEqual([[0, 8]]);
  });

  it("is told once, and goes on from there", () => {
    const watched = new Watched();
    watched.at(0);
    watched.at(1);
    watched.take();
    watched.at(2);

    expect(watched.take()).toEqual([[1, 2]]);
  });
});
