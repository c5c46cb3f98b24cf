// Of a deletion: did a schedule that was published let it go by then? Due is computed, not believed.

import { b64u } from "../plain/bytes";
import { isObject, type Json } from "../plain/cj1";
import { sha256 } from "../plain/hash";
import { contradicted, notProven, type Finding } from "./claims";
import type { Gone } from "./deletion";
import { MOST_SMALL } from "./limits";
import type { ListedSchedule } from "./proof";
import { after, readSchedule, type Line, type Schedule } from "./schedule";
import { sayTime } from "./words";

interface Version {
  readonly place: number;
  readonly subject: string;
  readonly schedule: Schedule;
}

const MALFORMED = (path: string) => notProven("deletion.schedule_malformed", "A schedule in the package cannot be read.", [path]);
const DIFFERS = (path: string) =>
  contradicted("deletion.schedule_differs", "The package shows another schedule than the one that was published.", [path]);

/** Return what contradicts the schedule it went by, or is missing of it; null for nothing. */
export async function scheduleFault(gone: Gone): Promise<Finding | null> {
  const { facts } = gone.entry;
  if (facts["mode"] !== "scheduled") {
    return notProven("deletion.not_scheduled", "It was not deleted by the schedule; whether rightly, no package can show.");
  }
  const versions: Version[] = [];
  for (const shown of gone.shown?.schedules ?? []) {
    const version = await versionOf(gone, shown);
    if ("verdict" in version) return version;
    versions.push(version);
  }
  const named = versions.find(({ subject }) => subject === facts["pol"]);
  if (!named) {
    return notProven("deletion.policy_not_given", "The schedule it was deleted under is not in the package: whether that let it go is not shown.");
  }
  if (inForce(gone, versions)?.subject !== named.subject) {
    return contradicted("deletion.not_in_force", "The schedule it was deleted under was not in force at that time: of those shown here another was, or none.");
  }
  const line = typeof facts["rule"] === "string" ? named.schedule.lines.get(facts["rule"]) : undefined;
  return line ? lineFault(gone, line)
    : contradicted("deletion.rule_unknown", "The schedule has no such line as the one it was deleted under.");
}

async function versionOf({ entries, files }: Gone, { entry: place, document }: ListedSchedule): Promise<Version | Finding> {
  const entry = entries.get(place), file = files.get(document)!;
  if (entry?.kind !== "policy.publish" || file.size > MOST_SMALL) return MALFORMED(document);
  const data = new Uint8Array(await file.arrayBuffer());
  if (b64u(sha256(data)) !== entry.facts["doc"]) return DIFFERS(document);
  const schedule = readSchedule(data);
  if (!schedule) return MALFORMED(document);
  const rules = entry.facts["rules"], published = isObject(rules) ? Object.entries(rules) : [];
  const agree = published.every(([code, rule]) => agrees(schedule.lines.get(code), rule));
  return agree && schedule.version === entry.facts["ver"] ? { place, subject: entry.subject, schedule } : DIFFERS(document);
}

/** Say whether a line of the document is what the log says of it. */
function agrees(line: Line | undefined, rule: Json): boolean {
  if (!line || !isObject(rule) || rule["from"] !== "ended" || line.end !== "dispose" || line.trigger !== "recording-end") return false;
  const { years, months, days } = line.keep;
  return !years && !months && days === rule["days"];
}

/** Of the versions shown, the one that counted when it was deleted. */
function inForce({ place, entry }: Gone, versions: readonly Version[]): Version | undefined {
  const begun = versions.filter((version) => version.place < place && version.schedule.effectiveAt <= entry.at);
  return begun.sort(({ schedule: a }, { schedule: b }) => b.effectiveAt - a.effectiveAt || b.version - a.version)[0];
}

function lineFault({ entry, ended, statedDue }: Gone, line: Line): Finding | null {
  if (line.end !== "dispose") return notProven("deletion.person_decides", "Under this line a person decides; what they decided is not shown.");
  const due = ended === null ? null : after(ended, line.keep);
  if (line.trigger !== "recording-end" || due === null) {
    return notProven("deletion.clock_not_public", "From when its time counts, no public entry of the record says.");
  }
  if (statedDue !== null && statedDue < due) {
    return contradicted("deletion.due_differs", "Its entry says that it was due earlier than the schedule makes it.", [`By the schedule: ${sayTime(due)}`]);
  }
  if (entry.at < due) return contradicted("deletion.early", `The recording was deleted before ${sayTime(due)}, when the schedule let it go.`);
  return null;
}
