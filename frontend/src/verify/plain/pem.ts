// Certificates as text (RFC 7468): base64 between two lines. What stands around them is passed over.

import type { Bytes } from "./bytes";

const BLOCK = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END CERTIFICATE-----/g;

/** Return the bytes of each certificate; null when there is none, or one is not base64. */
export function certificatesIn(text: string): readonly Bytes[] | null {
  try {
    const found = [...text.matchAll(BLOCK)].map(([, base64]) =>
      Uint8Array.from(atob(base64!.replace(/\s/g, "")), (character) => character.charCodeAt(0)));
    return found.length ? found : null;
  } catch {
    return null;
  }
}
