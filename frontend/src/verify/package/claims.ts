// Claims: what was looked at, what is to be said of it, and why, with codes that stay.

export type Verdict = "PROVEN" | "NOT PROVEN" | "CONTRADICTED";

export interface Claim {
  readonly claim: string;
  readonly about: string;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly sentence: string;
  readonly details: readonly string[];
}

/** What a claim comes to, before it is said which claim and of what. */
export interface Finding {
  readonly verdict: Verdict;
  readonly reason: string;
  readonly sentence: string;
  readonly details: readonly string[];
}

const finding = (verdict: Verdict) => (reason: string, sentence: string, details: readonly string[] = []): Finding =>
  ({ verdict, reason, sentence, details });

export const proven = finding("PROVEN");
export const notProven = finding("NOT PROVEN");
export const contradicted = finding("CONTRADICTED");

export const claimed = (claim: string, about: string, found: Finding): Claim => ({ claim, about, ...found });

/** Of the whole: contradicted if any is, else not proven if any is, else proven. */
export function ofAll(claims: readonly { readonly verdict: Verdict }[]): Verdict {
  const has = (verdict: Verdict) => claims.some((claim) => claim.verdict === verdict);
  return has("CONTRADICTED") ? "CONTRADICTED" : has("NOT PROVEN") ? "NOT PROVEN" : "PROVEN";
}

/** Printed with every result. */
export const LIMITS: readonly string[] = [
  "It does not show what happened before the bytes reached the server: only a camera that signs could. “Bit for bit” means as received.",
  "It does not show that a camera was switched on, that nothing was filmed besides, or that a scene was not staged.",
  "It does not show the time of filming. Camera times are claims; what is shown is when the entries were written.",
  "It does not show what happened after the census, or at all if the head is old. Ask for a newer package.",
  "It does not show that no copy of a deleted key was kept, nor what a changed range hides.",
  "Of a deletion it does not show that the recording belonged under that line of the schedule, nor that no newer schedule was published than those shown here: a monitor of the log sees every one.",
  "If all witnesses your policy counts act together, or are the force itself, they can hide a second history.",
  "A verifier from the hands of whoever made the package shows nothing. Get it, and the policy, elsewhere.",
];
