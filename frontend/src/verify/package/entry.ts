// One line of the custody log: a public entry and the private body behind it (custody-entry.md).

import { bytewise, joined, same, unb64u, utf8, type Bytes } from "../plain/bytes";
import { isObject, loads, NotCanonical, type Json, type Members } from "../plain/cj1";
import { sha256 } from "../plain/hash";
import { leafHash } from "../plain/tree";

const BODY = utf8("custodes-body/v1\n");
/** The year 0 is none to everybody. */
const TIME = /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const HANDLE = /^[A-Za-z0-9_-]{22}$/;

export interface Entry {
  readonly kind: string;
  readonly subject: string;
  readonly number: number;
  /** The leaf hash of the subject's entry before; null for the first. */
  readonly previous: Bytes | null;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly body: Bytes;
  readonly facts: Members;
  readonly leaf: Bytes;
}

export const isHandle = (value: Json | undefined): value is string => typeof value === "string" && HANDLE.test(value);

/** Read a time as entries have it; null for anything else. */
export function timeOf(value: Json | undefined): number | null {
  if (typeof value !== "string" || !TIME.test(value)) return null;
  const at = Date.parse(value);
  return Number.isNaN(at) || new Date(at).toISOString() !== value ? null : at;
}

/** Read base64url of exactly so many bytes; null for anything else. */
export function bytesOf(value: Json | undefined, length = 32): Bytes | null {
  const found = typeof value === "string" ? unb64u(value) : null;
  return found?.length === length ? found : null;
}

export const isCount = (value: Json | undefined): value is number => typeof value === "number";

/** Read a public entry of version 1; null for bytes no honest log would hold. */
export function parseEntry(data: Bytes): Entry | null {
  const value = canonical(data);
  if (!isObject(value, "b", "k", "n", "p", "s", "t", "v", "x")) return null;
  const { k, n, p, s, t, v, x } = value as Record<string, Json>;
  const at = timeOf(t), body = bytesOf(value["b"]), previous = p === "" ? null : bytesOf(p);
  if (v !== 1 || typeof k !== "string" || !isCount(n) || !isHandle(s) || at === null || !body || !isObject(x)) return null;
  if (p !== "" && !previous) return null;
  return { kind: k, subject: s, number: n, previous, at, body, facts: x, leaf: leafHash(data) };
}

export interface Disclosure {
  readonly name: string;
  readonly value: string;
}

/** Read what opens one field of a body; null when it is not CJ1 of a salt of 16 bytes, a name and a value. */
export function parseDisclosure(data: Bytes): Disclosure | null {
  const value = canonical(data, 65_535);
  if (!Array.isArray(value) || value.length !== 3) return null;
  const [salt, name, text] = value as Json[];
  if (!bytesOf(salt, 16) || typeof name !== "string" || typeof text !== "string") return null;
  return { name, value: text };
}

/** Say whether these disclosures and digests are the whole body that the entry commits to. */
export function isBody(entry: Entry, open: readonly Bytes[], closed: readonly Bytes[]): boolean {
  const digests = [...open.map((disclosure) => sha256(disclosure)), ...closed].sort(bytewise);
  return same(sha256(joined(BODY, ...digests)), entry.body);
}

function canonical(data: Bytes, maxBytes?: number): Json | undefined {
  try {
    return loads(data, maxBytes === undefined ? {} : { maxBytes });
  } catch (fault) {
    if (fault instanceof NotCanonical) return undefined;
    throw fault;
  }
}
