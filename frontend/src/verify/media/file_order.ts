// Packets in the order they have in the file, none overlapping another or the tables.

import { NoClipProofs } from "./refusal";
import { type Places } from "./track";
import { MAX_PACKET } from "./window";

export interface Placed {
  readonly track: number;
  readonly rule: number;
  readonly index: number;
  readonly offset: number;
  readonly size: number;
}

/** Check packets and add them in order of offset, then size; returns where the last one ends. */
export function addInFileOrder(
  found: Placed[], places: Places, fileSize: number, tables: readonly [number, number], floor = 0,
): number {
  // Sorting keeps the order of equals, as numpy's lexsort does.
  found.sort((a, b) => a.offset - b.offset || a.size - b.size);
  let end = 0, last = 0;
  for (const { track, rule, index, offset, size } of found) {
    if (offset + size > fileSize) throw new NoClipProofs("The file is cut short: packets its tables promise are not there.");
    if (size) {
      if (offset < end) throw new NoClipProofs("Two packets of this file claim the same bytes.");
      if (offset < tables[1] && offset + size > tables[0]) {
        throw new NoClipProofs("A packet of this file claims the bytes of its own tables.");
      }
      if (offset < floor) throw new NoClipProofs("A fragment of this file claims packets of an earlier one.");
      end = offset + size;
    }
    if (size > MAX_PACKET) throw new NoClipProofs(`One piece of this file claims ${size} bytes; at most ${MAX_PACKET} are read.`);
    last = Math.max(last, offset + size);
    places.add(track, rule, index, offset, size);
  }
  return last;
}
