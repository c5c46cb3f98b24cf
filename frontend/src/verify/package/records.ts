// Each subject's record: nothing left out in the middle or at the end, and what of the private bodies
// is shown (package.md, "record", "tail", "opened").

import { same, type Bytes, unb64u } from "../plain/bytes";
import { isObject, type Json } from "../plain/cj1";
import { leafHash, verifyInclusion } from "../plain/tree";
import { contradicted, notProven, proven, type Finding } from "./claims";
import { bytesOf, isBody, isCount, isHandle, parseDisclosure, type Entry } from "./entry";
import { NEEDS_LOG } from "./log";
import { standApart } from "./neighbours";
import type { ListedEntry, Subject } from "./proof";
import { plural, sayTime } from "./words";

export interface Context {
  readonly entries: ReadonlyMap<number, Entry>;
  readonly logProven: boolean;
}

type Numbered = readonly (readonly [index: number, entry: Entry])[];

export const entriesOf = ({ entries }: Context, handle: string): Numbered =>
  [...entries].filter(([, entry]) => entry.subject === handle).sort(([a], [b]) => a - b);

export function checkRecord(handle: string, context: Context): Finding {
  const own = entriesOf(context, handle);
  if (!own.length || own.some(([, entry], nth) => entry.number !== nth)) {
    return contradicted("record.hole", "Entries are missing from the middle of this custody record.");
  }
  const unbroken = own.every(([, { previous }], nth) =>
    nth === 0 ? previous === null : previous !== null && same(previous, own[nth - 1]![1].leaf));
  if (!unbroken) return contradicted("record.broken", "An entry of this custody record does not follow on the one before.");
  if (!context.logProven) return NEEDS_LOG;
  return proven("record.unbroken", `The custody record has ${plural(own.length, "entry", "entries")} and none is missing in between.`, own.map(said));
}

const said = ([index, { kind, at }]: readonly [number, Entry]): string => `${sayTime(at)}: ${kind} (entry ${index})`;

interface Counted {
  /** The handle of the subject, in whose order the leaves stand. */
  readonly name: string;
  readonly number: number;
  readonly last: Bytes;
  readonly index: number;
  readonly leaf: Bytes;
  readonly path: readonly Bytes[];
}

/** Read a path of a census; null when it is none. */
function countedOf(value: Json | undefined): Counted | null {
  if (!isObject(value, "i", "l", "p")) return null;
  const { i, l, p } = value as Record<string, Json>;
  const leaf = bytesOf(l, 63);
  if (!isCount(i) || !leaf || !Array.isArray(p) || p.length > 64) return null;
  const path = (p as Json[]).map((hash) => (typeof hash === "string" ? unb64u(hash) : null));
  const subject = String.fromCharCode(...leaf.subarray(0, 22));
  if (path.some((hash) => hash?.length !== 32) || !isHandle(subject) || leaf[62]! < 1 || leaf[62]! > 3) return null;
  let number = 0;
  for (const byte of leaf.subarray(22, 30)) number = number * 256 + byte;
  return { name: subject, number, last: leaf.slice(30, 62), index: i, leaf, path: path as Bytes[] };
}

interface CensusFacts {
  readonly counted: number;
  readonly subjects: number;
  readonly root: Bytes;
  readonly at: number;
}

function censusFacts(entry: Entry | undefined): CensusFacts | null {
  if (entry?.kind !== "census") return null;
  const { c, r, z } = entry.facts as Record<string, Json | undefined>;
  const root = bytesOf(r);
  return isCount(c) && isCount(z) && root ? { counted: z, subjects: c, root, at: entry.at } : null;
}

const isUnder = (path: Counted, census: CensusFacts): boolean =>
  verifyInclusion(leafHash(path.leaf), path.index, census.subjects, path.path, census.root);

export function checkTail({ handle, census }: Subject, context: Context): Finding {
  if (!census) return notProven("tail.no_census", "Nothing shows that the custody record goes no further: the package brings no census.");
  const facts = censusFacts(context.entries.get(census.entry));
  const isHere = Object.hasOwn(census, "here");
  const [here, before, after] = [census.here, census.before, census.after].map((value) => (value === undefined ? undefined : countedOf(value)));
  if (!facts || [here, before, after].includes(null)) {
    return notProven("tail.census_malformed", "The census that the package names cannot be read.");
  }
  const own = entriesOf(context, handle);
  if (isHere) return tailOf(handle, here!, facts, own, context.logProven);
  return absence(handle, before ?? null, after ?? null, facts, own);
}

const DIFFERS = contradicted("tail.census_differs", "The package’s place in the census is not in the census of the log.");

function absence(handle: string, before: Counted | null, after: Counted | null, census: CensusFacts, own: Numbered): Finding {
  if ([before, after].some((path) => path && !isUnder(path, census))) return DIFFERS;
  if (!standApart(before, after, handle, census.root, census.subjects)) {
    return contradicted("tail.census_not_adjacent", "The two neighbours in the census do not stand side by side around this record.");
  }
  if (own.some(([index]) => index < census.counted)) {
    return contradicted("tail.omitted", "The census leaves this record out, though it had entries then.");
  }
  return notProven("tail.not_yet", "The census was made before this record began, so it says nothing of its end.");
}

function tailOf(handle: string, here: Counted, census: CensusFacts, own: Numbered, logProven: boolean): Finding {
  if (!isUnder(here, census) || here.name !== handle) return DIFFERS;
  const last = own.find(([, { number }]) => number === here.number);
  if (!last) return contradicted("tail.missing", "The census counted entries of this record that the package does not show.");
  if (own.some(([index, { number }]) => number > here.number && index < census.counted)) {
    return contradicted("tail.uncounted", "The census counted fewer entries of this record than there were.");
  }
  if (!same(here.last, last[1].leaf) || last[0] >= census.counted) {
    return contradicted("tail.disagrees", "The census counted another last entry of this record than the package shows.");
  }
  if (!logProven) return NEEDS_LOG;
  return proven("tail.counted", `Up to the census of ${sayTime(census.at)} the custody record has no further entry.`);
}

/** Say whether what is shown of private bodies is what was written; null when nothing is. */
export function checkOpened(listed: readonly ListedEntry[], context: Context): Finding | null {
  const shown = listed.filter(({ open, closed }) => open.length || closed.length);
  if (!shown.length) return null;
  const opened = shown.map((entry) => ({ entry, fields: entry.open.map(parseDisclosure) }));
  if (opened.some(({ fields }) => fields.includes(null))) {
    return notProven("opened.malformed", "A detail that the package opens is not written as one.");
  }
  const different = opened.filter(({ entry, fields }) => {
    const names = fields.map((field) => field!.name), held = context.entries.get(entry.index);
    return new Set(names).size < names.length || !held || !isBody(held, entry.open, entry.closed);
  });
  if (different.length) {
    return contradicted("opened.differs", "Details were opened that are not the ones the log commits to.", different.map(({ entry }) => `Entry ${entry.index}`));
  }
  if (!context.logProven) return NEEDS_LOG;
  const lines = opened.flatMap(({ entry, fields }) => fields.map((field) => `Entry ${entry.index}, ${field!.name}: ${field!.value}`));
  const withheld = shown.reduce((sum, { closed }) => sum + closed.length, 0);
  if (withheld) lines.push(`${plural(withheld, "detail is", "details are")} withheld.`);
  return proven("opened.as_written", "The details that are opened are those written at the time.", lines);
}

/** The opened fields of an entry; null when they are not what was written. */
export function fieldsOf(listed: ListedEntry | undefined, entry: Entry): ReadonlyMap<string, string> | null {
  const fields = listed?.open.map(parseDisclosure) ?? [null], found = new Map<string, string>();
  for (const field of fields) {
    if (!field) return null;
    found.set(field.name, field.value);
  }
  const shown = listed!.open.length + listed!.closed.length > 0;
  return shown && (found.size < fields.length || !isBody(entry, listed!.open, listed!.closed)) ? null : found;
}
