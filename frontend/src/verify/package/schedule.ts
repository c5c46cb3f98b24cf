// The document of a schedule, read strictly, so that nobody reads another (deletion.md, "The document of a schedule").

import type { Bytes } from "../plain/bytes";
import { NotItsSpelling, readDocument } from "../plain/spelling";
import { timeOf } from "./entry";

export interface Period {
  readonly years: number;
  readonly months: number;
  readonly days: number;
}

export interface Line {
  readonly trigger: string;
  readonly keep: Period;
  readonly end: string;
}

export interface Schedule {
  readonly version: number;
  readonly effectiveAt: number;
  readonly lines: ReadonlyMap<string, Line>;
}

type Members = Readonly<Record<string, unknown>>;
const MOST: Readonly<Record<keyof Period, number>> = { years: 200, months: 2400, days: 73_000 };
/** The last millisecond a calendar of four-digit years holds. */
const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** Read a schedule; null for bytes that are none. */
export function readSchedule(data: Bytes): Schedule | null {
  let value: Members | null;
  try {
    value = membersOf(readDocument(data));
  } catch (fault) {
    if (fault instanceof NotItsSpelling) return null;
    throw fault;
  }
  const effectiveAt = timeOf(value?.["effective_at"] as string), version = value?.["version"], listed = value?.["lines"];
  if (effectiveAt === null || typeof version !== "number" || !Array.isArray(listed)) return null;
  const lines = new Map<string, Line>();
  for (const each of listed as unknown[]) {
    const line = lineOf(each), code = membersOf(each)?.["code"];
    if (!line || typeof code !== "string" || lines.has(code)) return null;
    lines.set(code, line);
  }
  return { version, effectiveAt, lines };
}

function lineOf(value: unknown): Line | null {
  const { trigger, end, keep } = membersOf(value) ?? {};
  const period = membersOf(keep);
  if (typeof trigger !== "string" || typeof end !== "string" || !period || Object.keys(period).length !== 3) return null;
  const fits = Object.entries(MOST).every(([unit, most]) => typeof period[unit] === "number" && (period[unit] as number) <= most);
  return fits ? { trigger, end, keep: period as unknown as Period } : null;
}

const membersOf = (value: unknown): Members | null =>
  (typeof value === "object" && value !== null && !Array.isArray(value) ? value as Members : null);

/** Return the moment this long after another, in UTC: a shorter month ends on its last day. Null after the year 9999. */
export function after(start: number, { years, months, days }: Period): number | null {
  const at = new Date(start), day = at.getUTCDate(), time = start - Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), day);
  const month = at.getUTCMonth() + months + 12 * years;
  const last = new Date(Date.UTC(at.getUTCFullYear(), month + 1, 0)).getUTCDate();
  const found = Date.UTC(at.getUTCFullYear(), month, Math.min(day, last)) + days * 86_400_000 + time;
  return found > LATEST ? null : found;
}
