// Several files as one line of time, and the gaps between them.

import type { Part } from "./contract";

export interface Span {
  from: number;
  to: number;
}

export interface Place {
  part: number;
  /** Seconds from the beginning of that part's file. */
  offset: number;
}

// Containers round their durations: a hundredth of a second is not a gap.
const SLACK = 0.05;

/** Say which file holds this moment; null when nothing was filmed then. */
export function placeAt(parts: readonly Part[], at: number): Place | null {
  for (let index = parts.length - 1; index >= 0; index--) {
    const part = parts[index]!;
    const offset = at - part.start;
    if (offset >= 0 && offset <= part.duration + SLACK) {
      return { part: index, offset: Math.min(offset, part.duration) };
    }
  }
  return null;
}

/** Return this moment, or the next one that was filmed, or the last one. */
export function nextFilmed(parts: readonly Part[], at: number): number {
  if (placeAt(parts, at)) return at;
  const later = parts.filter((part) => part.start > at).sort((a, b) => a.start - b.start)[0];
  if (later) return later.start;
  const last = parts.at(-1);
  return last ? last.start + last.duration : 0;
}

/** List the spans inside the recording in which nothing was filmed. */
export function gaps(parts: readonly Part[], duration: number): Span[] {
  const found: Span[] = [];
  let reached = 0;
  for (const part of [...parts].sort((a, b) => a.start - b.start)) {
    if (part.start - reached > SLACK) found.push({ from: reached, to: part.start });
    reached = Math.max(reached, part.start + part.duration);
  }
  if (duration - reached > SLACK * 10) found.push({ from: reached, to: duration });
  return parts.length ? found : [];
}

/** Move by whole frames, landing in the middle of one so that no rounding shows its neighbour. */
export function byFrames(at: number, frameRate: number, frames: number, duration: number): number {
  const rate = frameRate > 0 ? frameRate : 25;
  const frame = Math.floor(at * rate + 1e-6) + frames;
  const last = Math.max(0, Math.ceil(duration * rate) - 1);
  return (Math.min(Math.max(frame, 0), last) + 0.5) / rate;
}

/** Move at a signed speed for some seconds; `over` says that there is nothing further that way. */
export function moved(at: number, rate: number, seconds: number, duration: number): { at: number; over: boolean } {
  // A frame's time is when its drawing began: on a busy machine that is before the key was pressed.
  const to = at + Math.max(0, seconds) * rate;
  // Only the end that play goes towards can stop it: from the last moment one can still go back.
  const over = rate < 0 ? to <= 0 : to >= duration;
  return { at: Math.min(Math.max(to, 0), duration), over };
}
