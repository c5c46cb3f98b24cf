// Hashing a stretch of a file: its packets, its chunks of 1 MiB, and the sound that must be joined first.
//
// Each byte of the file is read once. This runs in a worker where there is one.

import { joined, type Bytes } from "../plain/bytes";
import { digest, running } from "../plain/hash";
import { leafHash } from "../plain/tree";
import { unitDigest, type Bare, type UnitDigest, type UnitRule } from "./units";
import { ofBlob } from "./window";

const CHUNK = 1 << 20;
/** What is read at once for the browser's own SHA-256, which is several times faster but takes no stream. */
const AT_ONCE = 256 << 20;
const PIECE = 4 << 20;

export interface Packet {
  readonly offset: number;
  readonly size: number;
  /** The rule, or "bytes" for sound whose bytes are wanted themselves. */
  readonly rule: UnitRule | "bytes";
  readonly prefix: Bytes;
  readonly bare: Bare;
}

/** Packets that begin inside [start, end); chunks are hashed when `chunks`. */
export interface Job {
  readonly start: number;
  readonly end: number;
  readonly chunks: boolean;
  readonly packets: readonly Packet[];
}

export interface Done {
  /** Unit digests of the packets with a rule, 32 bytes each, in order. */
  readonly digests: Bytes;
  /** For each of them 1 where it holds parameter sets of its own, or may. */
  readonly parameterSets: Bytes;
  readonly chunks: Bytes;
  /** The bytes of the others, joined in order, with their lengths. */
  readonly sound: Bytes;
}

export async function hashStretch(file: Blob, job: Job): Promise<Done> {
  const last = job.packets.reduce((end, packet) => Math.max(end, packet.offset + packet.size), job.end);
  const data = await ofBlob(file).read(job.start, last - job.start);
  const payload = ({ offset, size, prefix }: Packet): Bytes => {
    const stored = data.subarray(offset - job.start, offset - job.start + size);
    return prefix.length ? joined(prefix, stored) : stored;
  };
  const units: Promise<UnitDigest>[] = [], sound: Bytes[] = [];
  for (const packet of job.packets) {
    if (packet.rule === "bytes") sound.push(payload(packet));
    else units.push(unitDigest(payload(packet), packet.rule, packet.bare));
  }
  const chunks = job.chunks ? await Promise.all(chunkLeaves(data.subarray(0, job.end - job.start))) : [];
  const found = await Promise.all(units);
  return {
    digests: joined(...found.map((unit) => unit.digest)),
    parameterSets: Uint8Array.from(found, (unit) => Number(unit.parameterSets)),
    chunks: joined(...chunks), sound: joined(...sound),
  };
}

/** Return the SHA-256 of a file of any size. */
export async function hashWhole(file: Blob): Promise<Bytes> {
  if (file.size <= AT_ONCE) return digest(await ofBlob(file).read(0, file.size));
  const whole = running();
  for (let at = 0; at < file.size; at += PIECE) whole.update(await ofBlob(file).read(at, Math.min(PIECE, file.size - at)));
  return whole.digest() as Bytes;
}

function chunkLeaves(data: Bytes): Promise<Bytes>[] {
  const leaves: Promise<Bytes>[] = [];
  for (let at = 0; at < data.length; at += CHUNK) leaves.push(chunkLeaf(data.subarray(at, at + CHUNK)));
  return leaves;
}

// RFC 6962 s2.1: the leaf hash of a chunk is over one more byte, before it.
const chunkLeaf = (chunk: Bytes): Promise<Bytes> =>
  chunk.length < 64 ? Promise.resolve(leafHash(chunk)) : digest(joined(Uint8Array.of(0), chunk));
