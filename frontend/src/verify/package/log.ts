// Are the entries in the log, who else saw its head, and when (package.md, "log", "witnessed", "time").

import { same, utf8, type Bytes } from "../plain/bytes";
import { verifyConsistency, verifyInclusion } from "../plain/tree";
import { parseCheckpoint, type Checkpoint } from "../notes/checkpoint";
import { SignatureWrong } from "../notes/keys";
import { checkNote, parseNote, withLines, type Note, type Vouched } from "../notes/note";
import type { Policy } from "../notes/policy";
import { contradicted, notProven, proven, type Finding } from "./claims";
import { parseEntry, type Entry } from "./entry";
import type { Files } from "./folder";
import { MOST_SMALL } from "./limits";
import type { ListedCheckpoint, ListedEntry, Proof } from "./proof";
import { sayTime } from "./words";

/** A note of the log that the policy vouches for; `cosigned` are the witnesses' times by their names. */
export interface Seen {
  readonly size: number;
  readonly note: Bytes;
  readonly tokens: readonly string[];
  readonly cosigned: ReadonlyMap<string, number>;
}

export interface LogResult {
  readonly finding: Finding;
  /** The entries by their index, in its order; those that can be read. */
  readonly entries: ReadonlyMap<number, Entry>;
  /** What the policy vouches for; empty unless the log is proven. */
  readonly seen: readonly Seen[];
}

interface OpenNote {
  readonly listed: ListedCheckpoint;
  readonly data: Bytes;
  readonly note: Note | null;
  readonly checkpoint: Checkpoint | null;
  /** The note with every line, beside it, is another one. */
  readonly apart: boolean;
}

export const NO_POLICY = notProven(
  "policy.none", "Nobody is trusted yet: give this page a trust policy to have the signatures checked.",
);
export const NEEDS_LOG = notProven("needs.log", "This rests on the log, which is not proven.");

/** Check the log; the finding is the first line of the format's table that applies. */
export async function checkLog(proof: Proof, files: Files, policy: Policy | null): Promise<LogResult> {
  const entries = new Map<number, Entry>();
  for (const { index, data } of proof.entries) {
    const entry = parseEntry(data);
    if (entry) entries.set(index, entry);
  }
  const notes = await Promise.all(proof.checkpoints.map((listed) => openNote(listed, files)));
  const fault = entries.size < proof.entries.length
    ? notProven("log.entry_malformed", "An entry is not a line of a custody log.")
    : (await treeFault(proof, notes, entries, files)) ?? (policy ? null : NO_POLICY);
  if (fault) return { finding: fault, entries, seen: [] };
  return { ...(await underPolicy(proof, notes, policy!)), entries };
}

async function openNote(listed: ListedCheckpoint, files: Files): Promise<OpenNote> {
  const data = await small(files.get(listed.note)!), brief = parseNote(data);
  const beside = files.get(`${listed.note.replace(/\.note$/, "")}.full.note`);
  const full = beside ? parseNote(await small(beside)) : brief;
  const note = brief && full && withLines(brief, full.signatures), checkpoint = note && parseCheckpoint(note.text);
  return { listed, data, note, checkpoint: checkpoint?.size ? checkpoint : null, apart: brief?.text !== full?.text };
}

async function small(file: Blob): Promise<Bytes> {
  return file.size > MOST_SMALL ? new Uint8Array() : new Uint8Array(await file.arrayBuffer());
}

async function treeFault(
  proof: Proof, notes: readonly OpenNote[], entries: ReadonlyMap<number, Entry>, files: Files,
): Promise<Finding | null> {
  if (notes.some(({ checkpoint }) => !checkpoint)) {
    return notProven("note.malformed", "A checkpoint of the log is not written as one.");
  }
  if (notes.some(({ checkpoint, listed }) => checkpoint!.origin !== proof.log || checkpoint!.size !== BigInt(listed.size))) {
    return contradicted("log.checkpoint_differs", "A checkpoint is of another log, or of another size, than the package says.");
  }
  if (notes.some(({ apart }) => apart)) {
    return contradicted("log.checkpoint_differs", "A checkpoint with every signature is another one than the checkpoint it stands beside.");
  }
  const head = notes.at(-1)!, { root } = head.checkpoint!, size = head.listed.size;
  const outside = proof.entries.filter(({ index, path }) => !verifyInclusion(entries.get(index)!.leaf, index, size, path, root));
  if (outside.length) {
    return contradicted("log.not_included", "Entries are not in the log at the place the package gives.", outside.map(({ index }) => `Entry ${index}`));
  }
  const apart = notes.filter(({ listed, checkpoint }) =>
    !verifyConsistency(listed.size, size, listed.toHead, checkpoint!.root, root));
  if (apart.length) {
    return contradicted("log.inconsistent", "Two checkpoints are of two different histories.", apart.map(({ listed }) => `Size ${listed.size}`));
  }
  return proofFiles(proof, head.data, files);
}

async function proofFiles(proof: Proof, head: Bytes, files: Files): Promise<Finding | null> {
  const made = new Map(proof.entries.map((entry) => [`proofs/${entry.index}.tlog-proof`, entry]));
  for (const [path, file] of files) {
    if (!path.startsWith("proofs/")) continue;
    const entry = made.get(path);
    if (!entry || file.size > MOST_SMALL || !same(new Uint8Array(await file.arrayBuffer()), tlogProof(entry, head))) {
      return contradicted("log.proof_file_differs", "A proof meant for other programs is not the one in proof.json.", [path]);
    }
  }
  return null;
}

/** The text of a C2SP tlog-proof. */
function tlogProof({ index, path }: ListedEntry, head: Bytes): Bytes {
  const hashes = path.map((hash) => `${btoa(String.fromCharCode(...hash))}\n`).join("");
  const start = utf8(`c2sp.org/tlog-proof@v1\nindex ${index}\n${hashes}\n`), whole = new Uint8Array(start.length + head.length);
  whole.set(start);
  whole.set(head, start.length);
  return whole;
}

async function underPolicy(
  proof: Proof, notes: readonly OpenNote[], policy: Policy,
): Promise<{ finding: Finding; seen: readonly Seen[] }> {
  const keys = policy.logKeys(proof.log);
  if (!keys.length) return { finding: notProven("log.unknown", "Your trust policy does not name this log."), seen: [] };
  const names = new Map([...policy.witnesses].map(([name, key]) => [key, name]));
  const seen: Seen[] = [];
  let signed = true;
  for (const { listed, data, note } of notes) {
    let vouched: Vouched[];
    try {
      vouched = await checkNote(note!, [...keys, ...names.keys()]);
    } catch (fault) {
      if (!(fault instanceof SignatureWrong)) throw fault;
      const sentence = "A checkpoint bears the name of a key you trust, with a signature that key did not make.";
      return { finding: contradicted("note.bad_signature", sentence, [fault.message]), seen: [] };
    }
    signed &&= vouched.some(({ key }) => keys.includes(key));
    const cosigned = new Map<string, number>();
    for (const { key, at } of vouched) {
      const name = names.get(key);
      // tlog-witness: a witness that states no time has not witnessed a checkpoint.
      if (name !== undefined && at !== null && !cosigned.has(name)) cosigned.set(name, at * 1000);
    }
    seen.push({ size: listed.size, note: data, tokens: listed.tokens, cosigned });
  }
  if (!signed) return { finding: notProven("note.not_signed", "A checkpoint is not signed by a key of this log that you trust."), seen: [] };
  const many = proof.entries.length;
  const finding = proven(
    "log.included", `${many === 1 ? "The entry is" : `All ${many} entries are`} in the custody log, signed by the log’s own key.`,
    [`The log’s head has ${proof.checkpoints.at(-1)!.size} entries.`],
  );
  return { finding, seen };
}

/** Say whether others than the force saw the head. */
export function checkWitnesses(log: LogResult, policy: Policy | null): Finding {
  if (!policy) return NO_POLICY;
  if (log.finding.verdict !== "PROVEN") return NEEDS_LOG;
  if (policy.asksNobody) return notProven("witness.none_asked", "Your trust policy asks for no witness, so nobody outside is known to have seen the log.");
  const { cosigned } = log.seen.at(-1)!;
  const who = [...cosigned].map(([name, at]) => `${name} at ${sayTime(at)}`);
  if (!policy.isMetBy(new Set(cosigned.keys()))) {
    return notProven("witness.quorum_not_met", "Not enough of the witnesses you trust have seen this head of the log.", who);
  }
  return proven("witness.quorum_met", `${cosigned.size} witnesses you trust saw this very log, so nobody else can have been shown another.`, who);
}
