// When packets are shown, and whether a clip keeps the original's times (clip-proof.md, "Presentation time").
//
// Times are whole picoseconds: exact enough for any clock, and whole so that nothing is rounded twice.

import { same, type Bytes } from "../plain/bytes";
import type { Rows } from "./proof";
import { blob, numberOf, type Track } from "./original";

const SECOND = 10n ** 12n;
const MICROSECOND = SECOND / 1_000_000n;
export const FIFTY_MS = SECOND / 20n;
/** A copy without an edit list moves pictures by the depth of their reordering; ITU-R BT.1359 lets viewers accept 185 ms. */
export const APART = SECOND / 5n;
/** How much an edit list may keep from being shown, in rounding times from clock to clock. */
export const MOST_HIDDEN = SECOND / 10n;

/** An edit list in so far as it only shifts and trims; `duration` 0 means until the end. */
export interface Edits {
  readonly empty: bigint;
  readonly mediaTime: bigint;
  readonly duration: bigint;
}

const NO_ROWS: Edits = { empty: 0n, mediaTime: 0n, duration: 0n };

/** Read an edit list; null when it is not simple. */
function simpleEdits(elst: Bytes): Edits | null {
  let empty = 0n, edit: { mediaTime: bigint; duration: bigint } | null = null;
  if (elst.length % 20) return null;
  const view = new DataView(elst.buffer, elst.byteOffset, elst.byteLength);
  for (let at = 0; at < elst.length; at += 20) {
    const duration = view.getBigUint64(at), mediaTime = view.getBigInt64(at + 8);
    if (edit || mediaTime < -1n || view.getUint32(at + 16) !== 0x00010000) return null;
    if (mediaTime === -1n) empty += duration;
    else edit = { mediaTime, duration };
  }
  if (!elst.length) return NO_ROWS;
  return edit && { empty, ...edit };
}

/** The edits of a clip's track and its original's; null when they are neither simple nor the same. */
export function editsOf(clip: Track, original: Track): [clip: Edits, original: Edits] | null {
  const ours = listOf(clip), theirs = listOf(original);
  const [a, b] = [simpleEdits(ours), simpleEdits(theirs)];
  if (a && b) return [a, b];
  const clocks = (track: Track) => `${numberOf(track, "movie_timescale")} ${track.timescale}`;
  return same(ours, theirs) && clocks(clip) === clocks(original) ? [NO_ROWS, NO_ROWS] : null;
}

/** Matroska has no edit lists. */
const listOf = (track: Track): Bytes => (track.container === "mkv" ? new Uint8Array() : blob(track, "elst"));

/** How a track's clock turns into picoseconds of presentation. */
export class Clock {
  readonly #late: bigint;
  readonly #scale: bigint;
  readonly start: bigint;
  /** Where the edit ends; null for where the film does. */
  readonly end: bigint | null;

  constructor(private readonly track: Track, readonly edits: Edits) {
    this.#scale = BigInt(track.timescale);
    this.#late = track.container === "mkv" ? BigInt(numberOf(track, "delay")) : edits.mediaTime;
    const movie = BigInt(numberOf(track, "movie_timescale", 1) || 1);
    this.start = (edits.empty * SECOND) / movie;
    this.end = edits.duration ? this.start + (edits.duration * SECOND) / movie : null;
  }

  /** Packets of Matroska need not say how long they last. */
  get saysNoLength(): boolean {
    return this.track.container === "mkv";
  }

  shown(pts: bigint): bigint {
    return ((pts - this.#late) * SECOND) / this.#scale + this.start;
  }

  lasts(duration: bigint): bigint {
    return (duration * SECOND) / this.#scale;
  }

  /** One tick; of Matroska a millisecond, its usual TimestampScale. */
  get tick(): bigint {
    return this.track.container === "mkv" ? SECOND / 1000n : SECOND / this.#scale;
  }

  hides(pts: bigint, duration: bigint): boolean {
    if (this.end === null && !this.#late) return false;
    const from = this.shown(pts), to = from + this.lasts(duration);
    return to <= this.start || (this.end !== null && from >= this.end);
  }
}

export const CLASSES = ["exact", "within one tick", "within 50 ms", "altered"] as const;

/** A run with an original: by how much it is shifted, and how far single packets stray from that. */
export interface Shift {
  readonly from: number;
  readonly to: number;
  readonly shift: bigint;
  readonly timing: number;
}

/** Measure one run: `clip` are the clip's times from `from` on, `rows` the original's from `row` on. */
export function measure(
  from: number, to: number, row: number, clipPts: BigInt64Array, rows: Rows, clip: Clock, original: Clock,
): Shift {
  const differences: bigint[] = [];
  for (let packet = from; packet < to; packet++) {
    differences.push(clip.shown(clipPts[packet]!) - original.shown(rows.pts[row + packet - from]!));
  }
  const shift = differences.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))[(differences.length - 1) >> 1]!;
  const strays = differences.map((difference) => (difference < shift ? shift - difference : difference - shift));
  // The first packet is priming: a file without an edit list cannot say when it was due.
  if (from === 0 && strays[0]! > FIFTY_MS && strays[0]! <= APART) strays[0] = FIFTY_MS;
  const deviation = strays.reduce((a, b) => (a > b ? a : b));
  const coarser = clip.tick > original.tick ? clip.tick : original.tick;
  const limits = [MICROSECOND, MICROSECOND + coarser, FIFTY_MS];
  const timing = limits.findIndex((limit) => deviation <= limit);
  return { from, to, shift, timing: timing < 0 ? 3 : timing };
}

export const seconds = (picoseconds: bigint): number => Number(picoseconds) / 1e12;
