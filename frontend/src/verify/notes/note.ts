// Signed notes: a few lines of text and who vouches for them (C2SP signed-note v1.0).

import { fromUtf8, hex, same, unb64, type Bytes } from "../plain/bytes";
import { checkSignature, isName, type VerifierKey } from "./keys";

const DASH = "\u2014 ";
const MOST_SIGNATURES = 64;
const MOST_BYTES = 1 << 20;
const CONTROL = /[\x00-\x09\x0b-\x1f]/;

export interface Signature {
  readonly name: string;
  readonly id: string;
  readonly rest: Bytes;
}

export interface Note {
  readonly text: string;
  readonly signatures: readonly Signature[];
}

/** Take a note apart; null when it is not written as the specification says. Nothing else is checked. */
export function parseNote(data: Bytes): Note | null {
  let whole: string;
  try {
    whole = fromUtf8(data);
  } catch {
    return null;
  }
  if (data.length > MOST_BYTES || CONTROL.test(whole)) return null;
  // The *last* empty line parts the text from the signatures.
  const parting = whole.lastIndexOf("\n\n");
  if (parting < 0 || !whole.endsWith("\n") || parting + 2 === whole.length) return null;
  const lines = whole.slice(parting + 2, -1).split("\n");
  if (lines.length > MOST_SIGNATURES) return null;
  const signatures = lines.map(parseLine);
  return signatures.includes(null) ? null : { text: whole.slice(0, parting + 1), signatures: signatures as Signature[] };
}

/** Return the note with further lines, those it has not yet; null when they become too many. */
export function withLines(note: Note, further: readonly Signature[]): Note | null {
  const fresh = further.filter(({ name, id, rest }) =>
    !note.signatures.some((each) => each.name === name && each.id === id && same(each.rest, rest)));
  const signatures = [...note.signatures, ...fresh];
  return signatures.length > MOST_SIGNATURES ? null : { text: note.text, signatures };
}

function parseLine(line: string): Signature | null {
  const space = line.indexOf(" ", DASH.length);
  if (!line.startsWith(DASH) || space < 0) return null;
  const name = line.slice(DASH.length, space), raw = unb64(line.slice(space + 1));
  if (!isName(name) || !raw || raw.length < 5) return null;
  return { name, id: hex(raw.subarray(0, 4)), rest: raw.slice(4) };
}

/** A known key that signed, and the time in seconds its signature states, if it states one. */
export interface Vouched {
  readonly key: VerifierKey;
  readonly at: number | null;
}

/** Return which of the known keys signed; throws SignatureWrong if one of them did not. */
export async function checkNote(note: Note, keys: readonly VerifierKey[]): Promise<Vouched[]> {
  const vouched: Vouched[] = [];
  for (const signature of note.signatures) {
    for (const key of keys) {
      if (key.name !== signature.name || key.id !== signature.id) continue;
      vouched.push({ key, at: await checkSignature(key, signature.rest, note.text) });
    }
  }
  return vouched;
}
