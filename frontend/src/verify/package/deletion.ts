// Each deletion: under which schedule, not early, and its keys gone (package.md, "deletion").

import type { Json } from "../plain/cj1";
import { scheduleFault } from "./by_schedule";
import { contradicted, notProven, proven, type Finding } from "./claims";
import { timeOf, type Entry } from "./entry";
import type { Files } from "./folder";
import { keysFault } from "./keys_gone";
import { NEEDS_LOG } from "./log";
import type { Subject, ListedDeletion } from "./proof";
import { checkRecord, entriesOf, type Context } from "./records";
import { sayTime } from "./words";

/** A deletion under check: its entry and place in the log, the record before it, and what is shown of it. */
export interface Gone {
  readonly place: number;
  readonly entry: Entry;
  readonly before: readonly Entry[];
  readonly shown: ListedDeletion | null;
  readonly statedDue: number | null;
  /** When filming ended, as the newest `recording.completed` says. */
  readonly ended: number | null;
  readonly entries: ReadonlyMap<number, Entry>;
  readonly files: Files;
}

/** Say what is to be said of a deletion; null when the subject was not deleted. */
export async function checkDeletion(subject: Subject, context: Context, files: Files): Promise<Finding | null> {
  const own = entriesOf(context, subject.handle), at = own.findIndex(([, { kind }]) => kind === "recording.deleted");
  if (at < 0) return null;
  const [place, entry] = own[at]!, before = own.slice(0, at).map(([, each]) => each);
  const completed = before.filter(({ kind }) => kind === "recording.completed").at(-1);
  const gone: Gone = {
    place, entry, before, shown: subject.deletion, statedDue: timeOf(entry.facts["due"]),
    ended: timeOf(completed?.facts["e"]), entries: context.entries, files,
  };
  const found = [await scheduleFault(gone), keysFault(gone)].filter((fault) => fault !== null);
  const against = againstTheRecord(gone) ?? found.find(({ verdict }) => verdict === "CONTRADICTED") ?? found[0];
  if (against) return against;
  if (!context.logProven) return NEEDS_LOG;
  if (checkRecord(subject.handle, context).verdict !== "PROVEN") {
    return notProven("needs.record", "This rests on the custody record, which is not proven.");
  }
  const versions = gone.shown!.schedules.length;
  const shown = versions > 1 ? `the one in force of the ${versions} shown here` : "the only one shown here";
  const sentence = `The recording was deleted on ${sayTime(entry.at)}, when its time was over by ${String(entry.facts["rule"])} of the schedule: ${shown}. `
    + "Its keys were not among those alive later, and the keys that had wrapped them are destroyed.";
  return proven("deletion.as_scheduled", sentence, gone.shown!.inventory!.keys.map(({ key }) => `Key ${key}: not alive any more.`));
}

function againstTheRecord({ entry: { facts, at: when }, before, statedDue }: Gone): Finding | null {
  if (isHeld(before, when)) return contradicted("deletion.held", "The recording was deleted while somebody held it.");
  if (["manual", "order"].includes(facts["mode"] as string) && approvals(facts["ap"]) < 2) {
    return contradicted("deletion.unapproved", "The recording was deleted without the approval of two people.");
  }
  if (facts["mode"] === "scheduled" && statedDue !== null && statedDue > when) {
    return contradicted("deletion.early", `The recording was deleted before ${sayTime(statedDue)}, when it was due.`);
  }
  return null;
}

/** Say whether a hold bound at the moment of deletion: placed, not released, and not run out. */
function isHeld(before: readonly Entry[], when: number): boolean {
  const holds = new Map<Json | undefined, Entry>();
  for (const entry of before) {
    if (entry.kind === "hold.placed") holds.set(entry.facts["h"], entry);
    else if (entry.kind === "hold.released") holds.delete(entry.facts["h"]);
  }
  return [...holds.values()].some(({ facts }) => !Object.hasOwn(facts, "u") || (timeOf(facts["u"]) ?? 0) > when);
}

const approvals = (value: Json | undefined): number =>
  (Array.isArray(value) ? new Set((value as Json[]).filter((one) => typeof one === "string")).size : 0);
