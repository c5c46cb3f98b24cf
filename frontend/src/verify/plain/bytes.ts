// Bytes: joining, comparing, base64 in its one canonical spelling, big-endian numbers.

export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export const utf8 = (text: string): Bytes => encoder.encode(text);

/** Read UTF-8; throws when it is not. A byte order mark is kept, as any other character. */
export const fromUtf8 = (data: Uint8Array): string => strict.decode(data);

/** Read bytes as Latin-1, which never fails. */
export function latin1(data: Uint8Array): string {
  let text = "";
  for (const byte of data) text += String.fromCharCode(byte);
  return text;
}

export function joined(...pieces: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

export function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

/** Order bytes as Python and memcmp do. */
export function bytewise(a: Uint8Array, b: Uint8Array): number {
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    if (a[at] !== b[at]) return a[at]! - b[at]!;
  }
  return a.length - b.length;
}

export const hex = (data: Uint8Array): string =>
  Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Read lower-case hexadecimal; null when it is anything else. */
export function unhex(text: string): Bytes | null {
  if (text.length % 2 || !/^[0-9a-f]*$/.test(text)) return null;
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

function base64(data: Uint8Array): string {
  let text = "";
  for (let at = 0; at < data.length; at += 8190) text += btoa(latin1(data.subarray(at, at + 8190)));
  return text;
}

export const b64u = (data: Uint8Array): string =>
  base64(data).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

/** Read base64url without padding (RFC 4648 section 5); null for any but the canonical spelling. */
export function unb64u(text: string): Bytes | null {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return null;
  const found = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  return b64u(found) === text ? found : null;
}

/** Read base64 with padding (RFC 4648 section 4); null for any but the canonical spelling. */
export function unb64(text: string): Bytes | null {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4) return null;
  let found: Bytes;
  try {
    found = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  } catch {
    return null;
  }
  return base64(found) === text ? found : null;
}

export function bigEndian(value: number | bigint, length: number): Bytes {
  const out = new Uint8Array(length);
  let rest = BigInt(value);
  for (let at = length - 1; at >= 0; at--) {
    out[at] = Number(rest & 255n);
    rest >>= 8n;
  }
  return out;
}
