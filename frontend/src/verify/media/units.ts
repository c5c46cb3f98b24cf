// Units: what of a packet is content and what is only wrapping (media-commitment.md, "Leaves of a track").

import { bigEndian, joined, same, utf8, type Bytes } from "../plain/bytes";
import { digest, sha256 } from "../plain/hash";

/** How a packet comes apart: for NAL codecs with the number of bytes of a unit's length. */
export type UnitRule = "whole" | "av1" | `${"h264" | "hevc"}/${1 | 2 | 3 | 4}`;

/** What a digest of a packet is to leave out first: what copying through MPEG-TS puts in (clip-proof.md, "Units"). */
export type Bare = readonly Bytes[] | null;

export interface UnitDigest {
  readonly digest: Bytes;
  /** Whether the packet holds parameter sets of its own, or may: it should be NAL units and is not. */
  readonly parameterSets: boolean;
}

const UNITS = utf8("unit/v1\n");
const BROKEN = utf8("broken/v1\n");
/** H.264 and H.265 allow at most 600 slices a picture; this is beyond any. */
const MAX_UNITS = 1024;

export async function unitDigest(packet: Bytes, rule: UnitRule, bare: Bare = null): Promise<UnitDigest> {
  if (rule === "whole") return { digest: await tagged(UNITS, [packet]), parameterSets: false };
  if (rule === "av1") {
    // AV1 in ISOBMFF s2.4: the delimiter (OBU type 2, size 0) should not be stored.
    const sample = packet[0] === 0x12 && packet[1] === 0 ? packet.subarray(2) : packet;
    return { digest: await tagged(UNITS, [sample]), parameterSets: false };
  }
  const units = nalUnits(packet, Number(rule[5])), hevc = rule.startsWith("hevc");
  // What cannot be taken apart here may be by a player, with whatever sets it holds.
  if (!units) return { digest: await tagged(BROKEN, [packet]), parameterSets: true };
  const kept = bare ? units.filter((unit) => !isPadding(unit, hevc) && !bare.some((param) => same(param, unit))) : units;
  return { digest: await tagged(UNITS, kept), parameterSets: units.some((unit) => isParameterSet(unit, hevc)) };
}

export const nalType = (unit: Bytes, hevc: boolean): number => (hevc ? (unit[0]! >> 1) & 63 : unit[0]! & 31);

/** Access unit delimiters and filler data. */
const isPadding = (unit: Bytes, hevc: boolean): boolean => (hevc ? [35, 38] : [9, 12]).includes(nalType(unit, hevc));

const isParameterSet = (unit: Bytes, hevc: boolean): boolean =>
  (hevc ? [32, 33, 34] : [7, 8, 13, 15]).includes(nalType(unit, hevc));

/** The digest of a packet that is one unit, whose content's hash is known. */
export const ofHash = (length: number, hash: Uint8Array): Bytes => sha256(joined(UNITS, bigEndian(length, 4), hash));

async function tagged(tag: Bytes, units: readonly Bytes[]): Promise<Bytes> {
  const message = new Uint8Array(tag.length + 36 * units.length);
  message.set(tag);
  const hashes = await Promise.all(units.map(digest));
  units.forEach((unit, nth) => {
    message.set(bigEndian(unit.length, 4), tag.length + 36 * nth);
    message.set(hashes[nth]!, tag.length + 36 * nth + 4);
  });
  return sha256(message);
}

/** Cut a packet into NAL units; null when its lengths do not end exactly at its end. */
function nalUnits(packet: Bytes, lengthSize: number): Bytes[] | null {
  const units: Bytes[] = [];
  let at = 0;
  for (let count = 1; at + lengthSize <= packet.length; count++) {
    const start = at + lengthSize;
    let length = 0;
    for (; at < start; at++) length = length * 256 + packet[at]!;
    at = start + length;
    if (at > packet.length || count > MAX_UNITS) return null;
    // H.264 and H.265 s7.4.1.1: a NAL unit does not end in 0x00; some writers pad.
    const unit = withoutZeros(packet.subarray(start, at));
    if (unit.length) units.push(unit);
  }
  return at === packet.length ? units : null;
}

export function withoutZeros(unit: Bytes): Bytes {
  let end = unit.length;
  while (end && unit[end - 1] === 0) end--;
  return unit.subarray(0, end);
}
