// EBML, the notation of Matroska: elements of an id, a size and a payload (RFC 8794).

import type { Bytes } from "../plain/bytes";
import { NoClipProofs } from "./refusal";

/** RFC 8794 s6.2: a size of all ones means "not known yet". */
export const UNKNOWN = -1;
/** The longest head: an id of four bytes and a size of eight. */
export const MAX_HEAD = 12;
const MAX_CHILDREN = 10_000;

/** The number of bytes a variable-length number has, by its first byte; 9 for none. */
export const lengthOf = (first: number): number => Math.clz32(first) - 23;

/** Return a variable-length number and where it ends; all ones is UNKNOWN. */
export function vint(data: Bytes, at: number): [value: number, end: number] {
  if (!data[at]) throw new NoClipProofs("A number in this Matroska file is longer than Matroska allows.");
  const length = lengthOf(data[at]), end = at + length;
  if (end > data.length) throw new NoClipProofs("A number in this Matroska file does not fit where it stands.");
  let value = data[at]! & (0xff >> length), ones = value === 0xff >> length;
  for (const byte of data.subarray(at + 1, end)) {
    value = value * 256 + byte;
    ones &&= byte === 255;
  }
  return [ones ? UNKNOWN : value, end];
}

export interface Element {
  /** With its marker bits. */
  readonly id: number;
  readonly size: number;
  readonly start: number;
}

export function headOf(data: Bytes, at = 0): Element {
  const first = data[at];
  if (first === undefined || first < 0x10) throw new NoClipProofs("An element of this Matroska file has no valid id.");
  const end = at + lengthOf(first);
  const [size, start] = vint(data, end);
  let id = 0;
  for (const byte of data.subarray(at, end)) id = id * 256 + byte;
  return { id, size, start };
}

/** Give id, start and end of the payload of each element inside one of known size. */
export function spans(data: Bytes): [id: number, start: number, end: number][] {
  const found: [number, number, number][] = [];
  let at = 0;
  while (at < data.length) {
    if (found.length === MAX_CHILDREN) throw new NoClipProofs("An element of this Matroska file holds far too many others.");
    const { id, size, start } = headOf(data, at);
    at = start + size;
    if (size === UNKNOWN || at > data.length) {
      throw new NoClipProofs("An element of this Matroska file is larger than what holds it.");
    }
    found.push([id, start, at]);
  }
  return found;
}

export const children = (data: Bytes): [id: number, payload: Bytes][] =>
  spans(data).map(([id, start, end]) => [id, data.subarray(start, end)]);

/** The first of each element inside. */
export function elements(data: Bytes): Map<number, Bytes> {
  const found = new Map<number, Bytes>();
  for (const [id, payload] of children(data)) if (!found.has(id)) found.set(id, payload);
  return found;
}

/** Read an unsigned integer element (at most eight bytes; none means 0). */
export function integer(payload: Bytes | undefined): bigint {
  let value = 0n;
  for (const byte of short(payload)) value = (value << 8n) | BigInt(byte);
  return value;
}

/** Read an unsigned integer that only matters below 2^53. */
export const number = (payload: Bytes | undefined): number => Number(integer(payload));

/** Read a signed integer element. */
export const signed = (payload: Bytes): bigint => BigInt.asIntN(8 * payload.length, integer(payload));

/** Read a float element of four or eight bytes; none means 0. */
export function real(payload: Bytes): number {
  if (![0, 4, 8].includes(payload.length)) throw new NoClipProofs("A number in this Matroska file has an impossible length.");
  if (!payload.length) return 0;
  const view = new DataView(payload.buffer, payload.byteOffset);
  return payload.length === 8 ? view.getFloat64(0) : view.getFloat32(0);
}

function short(payload: Bytes | undefined): Bytes {
  if (payload && payload.length > 8) throw new NoClipProofs("A number in this Matroska file has an impossible length.");
  return payload ?? new Uint8Array();
}
