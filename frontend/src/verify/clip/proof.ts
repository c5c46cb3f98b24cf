// The value of a clip proof, and the times in it (docs/reference/formats/clip-proof.md).

import { unb64u, type Bytes } from "../plain/bytes";
import { isObject, type Json } from "../plain/cj1";

const MOST_SIBLINGS = 4096;
const MOST_RUNS = 10_000;
const MOST_TRACKS = 64;

/** Packets `from` up to, not including, `to` are the original's from `original` on; null: changed. */
export interface Run {
  readonly from: number;
  readonly to: number;
  readonly original: number | null;
}

export interface TrackProof {
  readonly of: number;
  readonly bare: boolean;
  readonly runs: readonly Run[];
  readonly times: Bytes;
  readonly siblings: readonly Bytes[];
}

export interface ClipProof {
  readonly tracks: readonly TrackProof[];
}

/** Read the value; null when it is not as the format says. */
export function parseClipProof(value: Json | undefined): ClipProof | null {
  if (!isObject(value, "tracks", "v") || value["v"] !== 1 || !Array.isArray(value["tracks"])) return null;
  if (value["tracks"].length > MOST_TRACKS) return null;
  const tracks = (value["tracks"] as Json[]).map(trackProof);
  return tracks.includes(null) ? null : { tracks: tracks as TrackProof[] };
}

function trackProof(value: Json): TrackProof | null {
  if (!isObject(value, "bare", "of", "runs", "siblings", "times")) return null;
  const { bare, of, runs, siblings, times } = value as Record<string, Json>;
  if (typeof bare !== "boolean" || typeof of !== "number" || typeof times !== "string") return null;
  if (!Array.isArray(runs) || runs.length > MOST_RUNS || !Array.isArray(siblings) || siblings.length > MOST_SIBLINGS) return null;
  const foundRuns = (runs as Json[]).map(run), packed = unb64u(times);
  const hashes = (siblings as Json[]).map((one) => (typeof one === "string" ? unb64u(one) : null));
  if (!packed || foundRuns.includes(null) || hashes.some((hash) => hash?.length !== 32)) return null;
  return { of, bare, runs: foundRuns as Run[], times: packed, siblings: hashes as Bytes[] };
}

function run(value: Json): Run | null {
  if (!Array.isArray(value) || value.length < 2 || value.length > 3 || value.some((part) => typeof part !== "number")) return null;
  const [from, to, original] = value as number[];
  return { from: from!, to: to!, original: original ?? null };
}

/** The times of packets of the original, one row a packet. */
export interface Rows {
  readonly dts: BigInt64Array;
  readonly pts: BigInt64Array;
  readonly duration: BigInt64Array;
  readonly flags: Uint8Array;
}

const BOUND = 1n << 62n;

/** Read the times of `count` packets; null when they are not written as the format says. */
export async function unpackTimes(packed: Bytes, count: number): Promise<Rows | null> {
  if (count === 0 || !packed.length) return count === 0 && !packed.length ? noRows() : null;
  const data = await inflated(packed, 31 * count);
  if (!data) return null;
  const columns = readColumns(data, count);
  return columns && rowsOf(columns, count);
}

const noRows = (): Rows =>
  ({ dts: new BigInt64Array(), pts: new BigInt64Array(), duration: new BigInt64Array(), flags: new Uint8Array() });

function readColumns(data: Bytes, count: number): { numbers: bigint[][]; flags: Uint8Array } | null {
  let at = 0;
  const numbers: bigint[][] = [];
  for (let column = 0; column < 3; column++) {
    const found: bigint[] = [];
    for (let row = 0; row < count; row++) {
      let zigzag = 0n, shift = 0n, byte: number | undefined;
      do {
        byte = data[at++];
        if (byte === undefined || shift >= 70n) return null;
        zigzag |= BigInt(byte & 0x7f) << shift;
        shift += 7n;
      } while (byte & 0x80);
      found.push(zigzag & 1n ? -(zigzag >> 1n) - 1n : zigzag >> 1n);
    }
    numbers.push(found);
  }
  return data.length - at === count ? { numbers, flags: data.subarray(at) } : null;
}

function rowsOf({ numbers, flags }: { numbers: bigint[][]; flags: Uint8Array }, count: number): Rows | null {
  const dts = new BigInt64Array(count), pts = new BigInt64Array(count), duration = new BigInt64Array(count);
  let due = 0n, later = 0n, lasts = 0n;
  for (let row = 0; row < count; row++) {
    due += lasts + numbers[0]![row]!;
    later += numbers[1]![row]!;
    lasts += numbers[2]![row]!;
    const within = [due, due + later, lasts].every((value) => value <= BOUND && value >= -BOUND);
    if (!within || lasts < 0n) return null;
    [dts[row], pts[row], duration[row]] = [due, due + later, lasts];
  }
  return { dts, pts, duration, flags };
}

/** Undo zlib (RFC 1950), reading no more than is allowed; null when it is not zlib or holds more. */
async function inflated(packed: Bytes, most: number): Promise<Bytes | null> {
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
  const found = new Uint8Array(most);
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return found.subarray(0, length);
      if (length + value.length > most) {
        await reader.cancel();
        return null;
      }
      found.set(value, length);
      length += value.length;
    }
  } catch {
    return null;
  }
}
