// Keys of signed notes: who may vouch, and what exactly each kind of key signs.
//
// C2SP signed-note v1.0 and tlog-cosignature v1.0: plain Ed25519 over the text (0x01), Ed25519 with a
// time (0x04), ML-DSA-44 over a checkpoint with a time (0x06).

import { ed25519 } from "@noble/curves/ed25519.js";
import { ml_dsa44 } from "@noble/post-quantum/ml-dsa.js";

import { bigEndian, hex, joined, unb64, utf8, type Bytes } from "../plain/bytes";
import { sha256 } from "../plain/hash";
import { parseCheckpoint } from "./checkpoint";

export const ED25519 = 0x01, COSIGNATURE = 0x04, ML_DSA_44 = 0x06;
const PUBLIC_SIZE = new Map([[ED25519, 32], [COSIGNATURE, 32], [ML_DSA_44, 1312]]);
const SIGNATURE_SIZE = new Map([[ED25519, 64], [COSIGNATURE, 64], [ML_DSA_44, 2420]]);
/** The last second a calendar of four-digit years holds. */
const LATEST_SECOND = 253_402_300_799n;
/** Spaces of any kind, control characters and the plus. */
const NOT_IN_NAMES = /[+\x00-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

export interface VerifierKey {
  readonly name: string;
  readonly kind: number;
  readonly public: Bytes;
  /** The four bytes that lead each signature of this key, in hexadecimal. */
  readonly id: string;
}

/** The text is not a key of a known kind, or signatures under it would prove nothing. */
export class KeyInvalid extends Error {}

export const isName = (text: string): boolean => text !== "" && !NOT_IN_NAMES.test(text);

export function parseKey(text: string): VerifierKey {
  const [name = "", id = "", ...rest] = text.split("+");
  const raw = unb64(rest.join("+"));
  if (!isName(name) || !raw) throw new KeyInvalid("not a verifier key");
  const kind = raw[0] ?? 0, key = raw.subarray(1);
  if (!PUBLIC_SIZE.has(kind)) throw new KeyInvalid("not a verifier key of a kind that is known here");
  const wanted = hex(sha256(utf8(`${name}\n`), raw).subarray(0, 4));
  if (key.length !== PUBLIC_SIZE.get(kind) || wanted !== id) {
    throw new KeyInvalid("the key's name, number and bytes do not belong together");
  }
  if (kind !== ML_DSA_44) refuseWeak(name, key);
  return { name, kind, public: key, id };
}

// A key of small order lets anybody sign; one that is not in its one spelling passes with some
// programs and not with others (RFC 8032 section 5.1.3).
function refuseWeak(name: string, key: Bytes): void {
  let small: boolean;
  try {
    small = ed25519.Point.fromBytes(key).isSmallOrder();
  } catch {
    throw new KeyInvalid(`the key of ${name} is refused: it is not a point in its one spelling`);
  }
  if (small) throw new KeyInvalid(`the key of ${name} is refused: it has a small order, anybody can sign under it`);
}

/** The signature is not one that this key made over this text. */
export class SignatureWrong extends Error {}

/** Return the time in seconds that this signature states, null if none; throws SignatureWrong. */
export async function checkSignature(key: VerifierKey, signature: Bytes, text: string): Promise<number | null> {
  const timed = key.kind === ED25519 ? 0 : 8;
  if (signature.length !== timed + SIGNATURE_SIZE.get(key.kind)!) throw new SignatureWrong(key.name);
  let seconds = 0n;
  for (const byte of signature.subarray(0, timed)) seconds = (seconds << 8n) | BigInt(byte);
  if (seconds > LATEST_SECOND) throw new SignatureWrong(key.name);
  const message = signedMessage(key, seconds, text), raw = signature.slice(timed);
  const holds = message !== null && (key.kind === ML_DSA_44 ? mlDsaHolds(key, raw, message) : await ed25519Holds(key, raw, message));
  if (!holds) throw new SignatureWrong(key.name);
  return seconds ? Number(seconds) : null;
}

function signedMessage(key: VerifierKey, seconds: bigint, text: string): Bytes | null {
  if (key.kind === ED25519) return utf8(text);
  if (key.kind === COSIGNATURE) return utf8(`cosignature/v1\ntime ${seconds}\n${text}`);
  // tlog-cosignature, "ML-DSA-44 signed message": struct cosigned_message
  const checkpoint = parseCheckpoint(text);
  const name = utf8(key.name), origin = utf8(checkpoint?.origin ?? "");
  if (!checkpoint || name.length > 255 || origin.length > 255) return null;
  return joined(
    utf8("subtree/v1\n\0"), Uint8Array.of(name.length), name, bigEndian(seconds, 8),
    Uint8Array.of(origin.length), origin, bigEndian(0, 8), bigEndian(checkpoint.size, 8), checkpoint.root,
  );
}

function mlDsaHolds(key: VerifierKey, signature: Bytes, message: Bytes): boolean {
  try {
    return ml_dsa44.verify(signature, message, key.public);
  } catch {
    return false;
  }
}

async function ed25519Holds(key: VerifierKey, signature: Bytes, message: Bytes): Promise<boolean> {
  let native: CryptoKey;
  try {
    native = await crypto.subtle.importKey("raw", key.public, "Ed25519", false, ["verify"]);
  } catch {
    // This browser has no Ed25519 of its own.
    return ed25519.verify(signature, message, key.public, { zip215: false });
  }
  return crypto.subtle.verify("Ed25519", native, signature, message);
}
