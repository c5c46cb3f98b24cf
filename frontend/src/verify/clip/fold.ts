// Folding packets of a clip, and siblings, to the root of the original's track (clip-proof.md, "Leaves and siblings").

import { same, type Bytes } from "../plain/bytes";
import { leafHash, nodeHash } from "../plain/tree";
import type { Rows, TrackProof } from "./proof";

/** Say whether the runs are packets of a track of `n` packets and this root. */
export function foldsTo(root: Bytes, n: number, proof: TrackProof, rows: Rows, unitDigests: readonly Bytes[]): boolean {
  const runs: { start: number; end: number; clip: number; row: number }[] = [];
  let row = 0;
  for (const { from, to, original } of proof.runs) {
    if (original === null) continue;
    runs.push({ start: original, end: original + to - from, clip: from, row });
    row += to - from;
  }
  if (!runs.length && !proof.siblings.length) return true;
  let next = 0, used = 0, lacking = false;
  const fold = (low: number, high: number): Bytes => {
    while (next < runs.length && runs[next]!.end <= low) next++;
    const run = runs[next];
    if (!run || run.start >= high) {
      const sibling = proof.siblings[used++];
      lacking ||= !sibling;
      return sibling ?? root;
    }
    if (high - low === 1) {
      return leafHash(leaf(rows, run.row + low - run.start, low, unitDigests[run.clip + low - run.start]!));
    }
    const middle = low + largestPowerBelow(high - low);
    const left = fold(low, middle);
    return nodeHash(left, fold(middle, high));
  };
  return same(fold(0, n), root) && !lacking && used === proof.siblings.length;
}

function largestPowerBelow(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

/** The 62 bytes of a leaf (media-commitment.md). */
function leaf(rows: Rows, row: number, index: number, unitDigest: Bytes): Bytes {
  const data = new Uint8Array(62), view = new DataView(data.buffer);
  data[0] = 1;
  view.setUint32(1, index);
  view.setBigInt64(5, rows.dts[row]!);
  view.setBigInt64(13, rows.pts[row]!);
  view.setBigInt64(21, rows.duration[row]!);
  data[29] = rows.flags[row]!;
  data.set(unitDigest, 30);
  return data;
}
