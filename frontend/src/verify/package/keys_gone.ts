// Of a deletion: are its keys gone? From the key inventory of a later roll, after which the older keys were destroyed.

import { same, unb64u, utf8, type Bytes } from "../plain/bytes";
import { isObject, type Json } from "../plain/cj1";
import { leafHash, verifyInclusion } from "../plain/tree";
import { contradicted, notProven, type Finding } from "./claims";
import type { Gone } from "./deletion";
import { bytesOf, isCount, isHandle, type Entry } from "./entry";
import { standApart, type Placed } from "./neighbours";
import type { ListedKey } from "./proof";

interface Roll {
  readonly subject: string;
  readonly epoch: number;
  readonly count: number;
  readonly root: Bytes;
  readonly destroyed: number;
}

interface KeyPath extends Placed {
  readonly isUnder: (root: Bytes, count: number) => boolean;
}

/** What an inventory says of a key: that it is there, or who its neighbours are. */
interface Shown {
  readonly key: string;
  readonly here: KeyPath | null;
  readonly before: KeyPath | null;
  readonly after: KeyPath | null;
}

const MALFORMED = notProven("deletion.inventory_malformed", "The inventory of later keys cannot be read.");
const DIFFERS = contradicted("deletion.inventory_differs", "The package shows another inventory of keys than the one in the log.");

/** Return what shows a key to be alive, or is missing to show it gone; null for nothing. */
export function keysFault(gone: Gone): Finding | null {
  const shown = gone.shown?.inventory;
  if (!shown) {
    return notProven("deletion.inventory_not_given", "That its keys are gone is not shown: the package brings no inventory of later keys.");
  }
  const roll = rollOf(gone.entries.get(shown.roll)), end = rollOf(gone.entries.get(shown.destroyed));
  if (!roll || !end || !isSame(roll, end)) return MALFORMED;
  const keys = shown.keys.map(shownKey);
  if (keys.includes(null)) return MALFORMED;
  const epoch = gone.entry.facts["ep"], older = isCount(epoch) && epoch < roll.epoch;
  if (!older || !(gone.place < shown.roll && shown.roll < shown.destroyed) || !end.destroyed) {
    return notProven("deletion.keys_not_destroyed", "No entry after it shows that the keys which wrapped its own were destroyed.");
  }
  for (const key of keys) {
    const fault = keyFault(key!, roll);
    if (fault) return fault;
  }
  const named = keysOf(gone), there = new Set(shown.keys.map(({ key }) => key));
  if (!named.size || [...named].some((key) => !there.has(key as string))) {
    return notProven("deletion.keys_not_shown", "Of a key of this recording it is not shown that it is gone.");
  }
  return null;
}

function keyFault({ key, here, before, after }: Shown, { root, count }: Roll): Finding | null {
  if ([here, before, after].some((each) => each && !each.isUnder(root, count))) return DIFFERS;
  if (here) {
    if (here.name !== key) return DIFFERS;
    return contradicted("deletion.key_listed", "A key of this recording was still alive after it was said to be destroyed.", [key]);
  }
  if (standApart(before, after, key, root, count)) return null;
  return contradicted("deletion.key_not_apart", "The package does not show that a key is gone, though it says so.", [key]);
}

function rollOf(entry: Entry | undefined): Roll | null {
  if (entry?.kind !== "key.epoch") return null;
  const { ep, c, gone, r } = entry.facts as Record<string, Json | undefined>;
  const root = bytesOf(r);
  return isCount(ep) && isCount(c) && isCount(gone) && root ? { subject: entry.subject, epoch: ep, count: c, root, destroyed: gone } : null;
}

const isSame = (one: Roll, other: Roll): boolean =>
  one.subject === other.subject && one.epoch === other.epoch && one.count === other.count && same(one.root, other.root);

function shownKey({ key, here, before, after }: ListedKey): Shown | null {
  const [at, one, two] = [here, before, after].map((value) => (value === undefined ? null : placed(value)));
  if ([at, one, two].includes(undefined)) return null;
  return { key, here: at ?? null, before: one ?? null, after: two ?? null };
}

/** Read a path of an inventory; undefined when it is none. */
function placed(value: Json): KeyPath | undefined {
  if (!isObject(value, "i", "k", "p")) return undefined;
  const { i, k, p } = value as Record<string, Json>;
  if (!isCount(i) || !isHandle(k) || !Array.isArray(p) || p.length > 64) return undefined;
  const path = (p as Json[]).map((hash) => (typeof hash === "string" ? unb64u(hash) : null));
  if (path.some((hash) => hash?.length !== 32)) return undefined;
  return { name: k, index: i, isUnder: (root, count) => verifyInclusion(leafHash(utf8(k)), i, count, path as Bytes[], root) };
}

/** The names of the recording's keys, as its record has them. */
function keysOf({ entry, before }: Gone): Set<Json | undefined> {
  const takenIn = before.filter(({ kind }) => kind === "recording.ingested").map(({ facts }) => facts["kid"]);
  const listed = entry.facts["kids"];
  return new Set([...takenIn, ...(Array.isArray(listed) ? listed as Json[] : [])]);
}
