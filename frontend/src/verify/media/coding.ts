// How a track is coded: its parameter sets in one form, and how its packets come apart.

import { bigEndian, joined, latin1, type Bytes } from "../plain/bytes";
import { withoutZeros, type UnitRule } from "./units";

export interface Coding {
  readonly codec: string;
  readonly params: readonly Bytes[];
  readonly rule: UnitRule;
}

/** The configuration ends before it should. */
class Malformed extends Error {}

/** A codec whose packets are one unit each. */
export const plain = (codec: string, ...params: readonly Bytes[]): Coding =>
  ({ codec, params: params.filter((param) => param.length), rule: "whole" });

/** Read an AVCDecoderConfigurationRecord (ISO/IEC 14496-15 section 5.3.3.1). */
export function h264(config: Bytes, otherwise: string): Coding {
  if (config[0] !== 1) return plain(otherwise, config);
  return orElse(plain(otherwise, config), () => {
    const params: Bytes[] = [];
    let at = nals(config, 6, byte(config, 5) & 31, params);
    at = nals(config, at + 1, byte(config, at), params);
    // Profiles with chroma formats go on: three bytes, then SPS extensions.
    if ([100, 110, 122, 144].includes(config[1]!) && config.length >= at + 4) nals(config, at + 4, config[at + 3]!, params);
    return { codec: "h264", params: params.filter((param) => param.length), rule: `h264/${lengthSize(config[4]!)}` };
  });
}

/** Read an HEVCDecoderConfigurationRecord (ISO/IEC 14496-15 section 8.3.3.1). */
export function hevc(config: Bytes, otherwise: string): Coding {
  return orElse(plain(otherwise, config), () => {
    const params: Bytes[] = [];
    let at = 23;
    for (let left = byte(config, 22); left; left--) {
      at = nals(config, at + 3, (byte(config, at + 1) << 8) | byte(config, at + 2), params);
    }
    return { codec: "hevc", params: params.filter((param) => param.length), rule: `hevc/${lengthSize(config[21]!)}` };
  });
}

export const av1 = (config: Bytes): Coding => ({ codec: "av1", params: config.length ? [config] : [], rule: "av1" });

/** Opus from `dOps`, or from Ogg's `OpusHead` as Matroska has it. */
export function opus(config: Bytes): Coding {
  if (latin1(config.subarray(0, 8)) !== "OpusHead" || config.length < 19) return plain("opus", config);
  // RFC 7845 s5.1 is little-endian; Opus in ISOBMFF s4.3.2 is the same, big-endian.
  const from = new DataView(config.buffer, config.byteOffset);
  const head = joined(
    Uint8Array.of(0, config[9]!), bigEndian(from.getUint16(10, true), 2),
    bigEndian(from.getUint32(12, true), 4), bigEndian(from.getUint16(16, true), 2),
  );
  return plain("opus", joined(head, config.subarray(18)));
}

/** Object type indications registered by MP4RA that mean one codec. */
const OBJECT_TYPES = new Map([
  [0x20, "mpeg4"], [0x40, "aac"], [0x66, "aac"], [0x67, "aac"], [0x68, "aac"],
  [0x69, "mp3"], [0x6b, "mp3"], [0x6c, "mjpeg"],
]);

/** Read an ES_Descriptor (ISO/IEC 14496-1 section 7.2.6.5), the payload of `esds`. */
export function described(entry: string, descriptorBytes: Bytes): Coding {
  const config = decoderConfig(descriptorBytes);
  if (!config) return plain(entry, descriptorBytes);
  const kind = config[0]!;
  const specific = descriptor(config.subarray(13), 5) ?? new Uint8Array();
  return plain(OBJECT_TYPES.get(kind) ?? `${entry}.${kind.toString(16).padStart(2, "0")}`, specific);
}

function decoderConfig(data: Bytes): Bytes | null {
  const es = descriptor(data, 3);
  if (!es || es.length < 3) return null;
  const flags = es[2]!;
  let at = 3 + (flags & 0x80 ? 2 : 0) + (flags & 0x20 ? 2 : 0);
  if (flags & 0x40 && es.length > at) at += 1 + es[at]!;
  const config = descriptor(es.subarray(at), 4);
  return config && config.length >= 13 ? config : null;
}

function descriptor(data: Bytes, tag: number): Bytes | null {
  // ISO/IEC 14496-1 s8.3.3: a length in groups of seven bits, at most four.
  if (data[0] !== tag) return null;
  let length = 0;
  for (let at = 1; at < Math.min(5, data.length); at++) {
    length = (length << 7) | (data[at]! & 0x7f);
    if (!(data[at]! & 0x80)) return at + 1 + length <= data.length ? data.subarray(at + 1, at + 1 + length) : null;
  }
  return null;
}

function nals(config: Bytes, at: number, count: number, into: Bytes[]): number {
  for (; count; count--) {
    const end = at + 2 + ((byte(config, at) << 8) | byte(config, at + 1));
    if (config.length < end) throw new Malformed();
    into.push(withoutZeros(config.subarray(at + 2, end)));
    at = end;
  }
  return at;
}

function byte(config: Bytes, at: number): number {
  const found = config[at];
  if (found === undefined) throw new Malformed();
  return found;
}

const lengthSize = (field: number) => ((field & 3) + 1) as 1 | 2 | 3 | 4;

function orElse(otherwise: Coding, read: () => Coding): Coding {
  try {
    return read();
  } catch (fault) {
    if (fault instanceof Malformed) return otherwise;
    throw fault;
  }
}
