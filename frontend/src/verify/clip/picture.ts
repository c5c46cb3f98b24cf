// What was changed in a clip, as something to be drawn: each track's parts and cuts over the clip's time.

import type { Checked } from "./check";
import { seconds } from "./timing";

export interface Part {
  readonly from: number;
  readonly to: number;
  readonly changed: boolean;
}

export interface PictureTrack {
  readonly kind: string;
  readonly parts: readonly Part[];
  /** The moments in the clip at which something was cut out. */
  readonly cuts: readonly number[];
}

export interface Picture {
  readonly seconds: number;
  readonly tracks: readonly PictureTrack[];
}

const KINDS = new Map([["vide", "picture"], ["soun", "sound"]]);

export function pictureOf(tracks: readonly Checked[]): Picture {
  const drawn = tracks.map(drawTrack);
  const ends = drawn.flatMap(({ parts }) => parts.map(({ to }) => to));
  return { seconds: Math.max(0, ...ends), tracks: drawn };
}

function drawTrack({ original, proof: { runs }, found: { times }, clipClock }: Checked): PictureTrack {
  const parts: Part[] = [], cuts: number[] = [];
  runs.forEach((run, nth) => {
    let from = Infinity, to = -Infinity;
    for (let packet = run.from; packet < run.to; packet++) {
      const at = clipClock.shown(times.pts[packet]!);
      from = Math.min(from, seconds(at));
      to = Math.max(to, seconds(at + clipClock.lasts(times.duration[packet]!)));
    }
    parts.push({ from, to, changed: run.original === null });
    const before = runs[nth - 1];
    if (before && run.original !== null && before.original !== null && before.original + before.to - before.from !== run.original) {
      cuts.push(seconds(clipClock.shown(times.pts[run.from]!)));
    }
  });
  return { kind: KINDS.get(original.handler) ?? "other content", parts, cuts };
}
