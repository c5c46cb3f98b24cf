// Sizes and names that docs/reference/formats/package.md sets.

const MIB = 1 << 20;
export const MOST_FILES = 10_000;
export const MOST_PROOF = 32 * MIB;
export const MOST_SMALL = MIB;
export const MOST_TAG = 16 * MIB;
export const MOST_PATH = 64;
export const MOST_TOKENS = 16;
export const MOST_FIELDS = 256;
export const MOST_SUBJECTS = 10_000;
export const MOST_MEDIA = 1000;
export const MOST_VERSIONS = 1000;
export const MOST_KEYS = 1000;
export const MOST_ENTRIES = 100_000;
export const MOST_CHECKPOINTS = 1000;

const PART = /^[A-Za-z0-9._\-+=@(),](?:[A-Za-z0-9._\-+=@(), ]{0,253}[A-Za-z0-9._\-+=@(),])?$/;

export const isPath = (path: string): boolean =>
  path.length <= 260 && path.split("/").every((part) => PART.test(part) && part !== "." && part !== "..");
