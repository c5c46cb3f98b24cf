// One track as its container tells it, and where its packets lie.

import { NoClipProofs } from "./refusal";
import type { UnitRule } from "./units";

const MAX_TRACKS = 64;
const MAX_PACKETS = 1 << 23;
/** No clock runs so long, in any unit: 2^62. */
export const LATEST = 1n << 62n;

export type Header = { [name: string]: string | number | boolean | readonly string[] | readonly number[] };

/** Decode time, presentation time, duration and flags of each packet, in decode order. */
export class Times {
  length = 0;
  dts = new BigInt64Array(1024);
  pts = new BigInt64Array(1024);
  duration = new BigInt64Array(1024);
  flags = new Uint8Array(1024);

  add(dts: bigint, pts: bigint, duration: bigint, flags: number): void {
    if (this.length === this.flags.length) this.#grow();
    this.dts[this.length] = dts;
    this.pts[this.length] = pts;
    this.duration[this.length] = duration;
    this.flags[this.length++] = flags;
  }

  #grow(): void {
    const twice = this.length * 2;
    for (const name of ["dts", "pts", "duration"] as const) {
      const wider = new BigInt64Array(twice);
      wider.set(this[name]);
      this[name] = wider;
    }
    const wider = new Uint8Array(twice);
    wider.set(this.flags);
    this.flags = wider;
  }
}

/** Uncompressed sound: stretches of a stream of bytes, each with an even flow of time. */
export interface Pcm {
  readonly bytesPerSecond: number;
  readonly stretches: { bytes: number; dts: bigint; duration: bigint }[];
}

/** `header` has every member but n and root; `rules` say how packets come apart, by sample entry. */
export interface Track {
  readonly header: Header;
  readonly rules: readonly UnitRule[];
  readonly prefix: Uint8Array;
  times: Times;
  pcm: Pcm | null;
}

export const newTrack = (header: Header, rules: readonly UnitRule[], prefix = new Uint8Array()): Track =>
  ({ header, rules, prefix, times: new Times(), pcm: null });

/** Where packets lie, in the order they are to be read. */
export class Places {
  readonly track: number[] = [];
  readonly rule: number[] = [];
  readonly index: number[] = [];
  readonly offset: number[] = [];
  readonly size: number[] = [];

  add(track: number, rule: number, index: number, offset: number, size: number): void {
    this.track.push(track);
    this.rule.push(rule);
    this.index.push(index);
    this.offset.push(offset);
    this.size.push(size);
  }

  get length(): number {
    return this.offset.length;
  }
}

export interface Movie {
  readonly tracks: readonly Track[];
  readonly places: Places;
}

export function checkTrackCount(count: number): void {
  if (count === 0) throw new NoClipProofs("The file holds no tracks.");
  if (count > MAX_TRACKS) throw new NoClipProofs(`The file claims ${count} tracks; at most ${MAX_TRACKS} are read.`);
}

/** Refuse more packets than a file of this size can mean, before anything is allocated. */
export function checkPacketCount(count: number, fileSize: number): void {
  if (count > Math.min(MAX_PACKETS, fileSize)) {
    throw new NoClipProofs(`The file claims ${count} packets, which a file of ${fileSize} bytes cannot hold.`);
  }
}

export function believable(time: bigint): bigint {
  if (time >= LATEST) throw new NoClipProofs("The times of this file are beyond any clock.");
  return time;
}
