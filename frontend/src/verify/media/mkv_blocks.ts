// Blocks of Matroska: whose they are, when they are due, and the frames laced into them (RFC 9559 section 10).

import type { Bytes } from "../plain/bytes";
import { UNKNOWN, vint } from "./ebml";
import { NoClipProofs } from "./refusal";

/** `frames` are (offset from the block's start, size); `key` is bit 0x80, which only a SimpleBlock has. */
export interface Block {
  readonly track: number;
  readonly later: number;
  readonly key: boolean;
  readonly frames: readonly (readonly [offset: number, size: number])[];
}

export function readBlock(data: Bytes): Block {
  const [track, at] = vint(data, 0);
  if (track === UNKNOWN || at + 3 > data.length) {
    throw new NoClipProofs("A block of this Matroska file has no complete head.");
  }
  const later = (((data[at]! << 8) | data[at + 1]!) << 16) >> 16;
  const flags = data[at + 2]!, lacing = (flags >> 1) & 3;
  const frames = lacing === 0 ? [[at + 3, data.length - at - 3] as const] : laced(data, at + 3, lacing);
  return { track, later, key: Boolean(flags & 0x80), frames };
}

function laced(data: Bytes, at: number, lacing: number): [number, number][] {
  if (at >= data.length) throw new NoClipProofs("A block of this Matroska file ends inside its lacing.");
  const count = data[at++]! + 1;
  let sizes: number[] = [];
  if (lacing === 1) [sizes, at] = xiph(data, at, count);
  else if (lacing === 3) [sizes, at] = ebml(data, at, count);
  else sizes = new Array<number>(count - 1).fill(Math.floor((data.length - at) / count));
  const last = data.length - at - sizes.reduce((sum, size) => sum + size, 0);
  if (last < 0 || sizes.some((size) => size < 0) || (lacing === 2 && (data.length - at) % count)) {
    throw new NoClipProofs("The frames laced into a block do not fit into it.");
  }
  return [...sizes, last].map((size) => {
    at += size;
    return [at - size, size];
  });
}

function xiph(data: Bytes, at: number, count: number): [number[], number] {
  const sizes: number[] = [];
  for (let nth = 0; nth < count - 1; nth++) {
    let size = 0;
    for (; data[at] === 255; at++) size += 255;
    if (at >= data.length) throw new NoClipProofs("A block of this Matroska file ends inside its lacing.");
    sizes.push(size + data[at++]!);
  }
  return [sizes, at];
}

function ebml(data: Bytes, at: number, count: number): [number[], number] {
  const sizes: number[] = [];
  for (let nth = 0; nth < count - 1; nth++) {
    const [stored, end] = vint(data, at);
    // s10.3.3: the first size is plain, each further one a signed difference.
    const full = 2 ** (7 * (end - at)) - 1;
    const value = stored === UNKNOWN ? full : stored;
    sizes.push(nth === 0 ? value : sizes[nth - 1]! + value - Math.floor(full / 2));
    at = end;
  }
  return [sizes, at];
}
