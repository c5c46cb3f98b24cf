// When the entries were written, by clocks that are not the force's (package.md, "time").

import type { Policy } from "../notes/policy";
import { contradicted, notProven, proven, type Finding } from "./claims";
import { NEEDS_LOG, NO_POLICY, type LogResult, type Seen } from "./log";
import { NoWorker } from "../stamps/asking";
import { OverSomethingElse, timesOf, type Stamping } from "./stamps";
import { sayTime } from "./words";

/** A second is not to be argued about; two minutes are the format's. */
const SLACK = 120_000;

interface Bounds {
  readonly size: number;
  readonly later: number;
  readonly earlier: number;
}

export async function checkTime(log: LogResult, policy: Policy | null, stamping: Stamping): Promise<Finding> {
  const entries = [...log.entries].sort(([a], [b]) => a - b);
  const backwards = entries.filter(([, entry], nth) => nth && entry.at < entries[nth - 1]![1].at);
  if (backwards.length) {
    return contradicted("time.runs_backwards", "An entry claims an earlier time than one before it.", backwards.map(([index]) => `Entry ${index}`));
  }
  if (!policy) return NO_POLICY;
  if (log.finding.verdict !== "PROVEN") return NEEDS_LOG;
  const tokens = log.seen.flatMap((seen) => seen.tokens);
  const unread = tokens.length && !stamping.pinned.length
    ? ["The package brings timestamps. To have them checked, give the root certificates of the authorities you believe."] : [];
  try {
    return againstBounds(entries, await Promise.all(log.seen.map((seen) => boundsOf(seen, policy, stamping))), unread);
  } catch (fault) {
    if (fault instanceof OverSomethingElse) {
      return contradicted("time.token_differs", "A timestamp is over something else than the checkpoint it lies beside.", [fault.message]);
    }
    if (!(fault instanceof NoWorker)) throw fault;
    const without = { ...stamping, pinned: [] };
    const missing = ["The timestamps were not checked: this browser allows a page from disk no worker. The command line checks them."];
    return againstBounds(entries, await Promise.all(log.seen.map((seen) => boundsOf(seen, policy, without))), missing);
  }
}

function againstBounds(entries: readonly [number, { at: number }][], bounds: readonly Bounds[], missing: readonly string[]): Finding {
  const windows = entries.map(([index, { at }]) => ({
    index, at,
    by: Math.min(...bounds.filter(({ size }) => size > index).map(({ later }) => later), Infinity),
    after: Math.max(...bounds.filter(({ size }) => size <= index).map(({ earlier }) => earlier), -Infinity),
  }));
  const lines = (which: typeof windows) => which.map(({ index, at, by, after }) => {
    const from = after === -Infinity ? "" : `after ${sayTime(after)} and `;
    return `Entry ${index} says ${sayTime(at)}; written ${from}${by === Infinity ? "nobody outside says when" : `by ${sayTime(by)}`}.`;
  });
  const open = windows.filter(({ by }) => by === Infinity);
  if (open.length) return notProven("time.no_outside_clock", "No clock outside the force says by when the entries were written.", missing);
  const late = windows.filter(({ at, by }) => at > by + SLACK);
  if (late.length) return contradicted("time.too_late", "An entry claims a time after it was already seen by others.", lines(late));
  const early = windows.filter(({ at, after }) => at < after - SLACK);
  if (early.length) return contradicted("time.too_early", "An entry claims a time at which the log did not have it yet.", lines(early));
  if (windows.some(({ after }) => after === -Infinity)) {
    return proven("time.upper_only", "The entries were written no later than others’ clocks say; not how much earlier.", [...lines(windows), ...missing]);
  }
  return proven("time.window", "The entries were written within the times that others’ clocks give.", [...lines(windows), ...missing]);
}

async function boundsOf(seen: Seen, policy: Policy, stamping: Stamping): Promise<Bounds> {
  const times = policy.asksNobody ? [] : [...seen.cosigned].sort(([, a], [, b]) => a - b);
  const firstMet = (order: readonly (readonly [string, number])[]): number | null => {
    const cosigned = new Set<string>();
    for (const [nth, [name, at]] of order.entries()) {
      cosigned.add(name);
      // Of one time all count together.
      if (order[nth + 1]?.[1] !== at && policy.isMetBy(cosigned)) return at;
    }
    return null;
  };
  return {
    size: seen.size,
    later: Math.min(firstMet(times) ?? Infinity, ...(await timesOf(seen, stamping))),
    earlier: firstMet(times.toReversed()) ?? -Infinity,
  };
}
