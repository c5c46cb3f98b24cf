// Boxes of MP4 and atoms of QuickTime: ISO/IEC 14496-12 section 4.2.

import { latin1, type Bytes } from "../plain/bytes";
import { NoClipProofs } from "./refusal";

const MAX_CHILDREN = 10_000;

export interface BoxHead {
  readonly kind: string;
  readonly head: number;
  /** The size of the whole box; may be larger than the room there is. */
  readonly size: number;
}

export function headOf(head: Bytes, room: number): BoxHead | null {
  if (head.length < 8) return null;
  let size = number(head, 0), length = 8;
  if (size === 1 && head.length >= 16) [size, length] = [Number(number64(head, 8)), 16];
  else if (size === 0) size = room;
  return size >= length ? { kind: latin1(head.subarray(4, 8)), head: length, size } : null;
}

/** Give kind and payload of each box inside; ends at the first that does not fit. */
export function children(data: Bytes): [kind: string, payload: Bytes][] {
  const found: [string, Bytes][] = [];
  let at = 0;
  while (found.length < MAX_CHILDREN) {
    const box = headOf(data.subarray(at, at + 16), data.length - at);
    if (!box || at + box.size > data.length) break;
    found.push([box.kind, data.subarray(at + box.head, at + box.size)]);
    at += box.size;
  }
  return found;
}

/** What one container holds, by kind; two of a kind that should be one are refused. */
export class Box {
  readonly #inside = new Map<string, Bytes[]>();

  constructor(data: Bytes) {
    for (const [kind, payload] of children(data)) {
      const others = this.#inside.get(kind);
      if (others) others.push(payload);
      else this.#inside.set(kind, [payload]);
    }
  }

  all(kind: string): readonly Bytes[] {
    return this.#inside.get(kind) ?? [];
  }

  get(kind: string): Bytes | null {
    const found = this.all(kind);
    if (found.length > 1) throw new NoClipProofs(`The file holds two ${kind} boxes where there must be one.`);
    return found[0] ?? null;
  }

  need(kind: string, atLeast = 0): Bytes {
    const found = this.get(kind);
    if (!found) throw new NoClipProofs(`The file has no ${kind} box where there must be one.`);
    if (found.length < atLeast) throw new NoClipProofs(`The file's ${kind} box is too short.`);
    return found;
  }

  within(kind: string): Box {
    return new Box(this.need(kind));
  }
}

/** Read an unsigned number of at most six bytes. */
export function number(data: Bytes, at: number, size = 4): number {
  if (at + size > data.length) throw new NoClipProofs("A box of this file ends before its own fields do.");
  let value = 0;
  for (const byte of data.subarray(at, at + size)) value = value * 256 + byte;
  return value;
}

export function number64(data: Bytes, at: number): bigint {
  return (BigInt(number(data, at)) << 32n) | BigInt(number(data, at + 4));
}

/** Return a table of big-endian numbers, checked against the room before it is touched. */
export function table(data: Bytes, at: number, count: number, width: 1 | 2 | 4, what: string): Float64Array {
  const room = Math.floor(Math.max(0, data.length - at) / width);
  if (count > room) throw new NoClipProofs(`The file's ${what} table claims ${count} entries but has room for ${room}.`);
  const view = new DataView(data.buffer, data.byteOffset + at, count * width);
  const read = { 1: view.getUint8, 2: view.getUint16, 4: view.getUint32 }[width].bind(view);
  const found = new Float64Array(count);
  for (let nth = 0; nth < count; nth++) found[nth] = read(nth * width);
  return found;
}

/** Return the columns of a table of 32-bit numbers, `width` a row. */
export function columns(data: Bytes, at: number, rows: number, width: number, what: string): Float64Array[] {
  const flat = table(data, at, rows * width, 4, what);
  return Array.from({ length: width }, (_, column) => Float64Array.from({ length: rows }, (_, row) => flat[row * width + column]!));
}
