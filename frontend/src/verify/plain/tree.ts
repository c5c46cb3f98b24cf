// The one Merkle tree of the house: RFC 6962 section 2.1, with the proof checks of RFC 9162.
//
// A proof from outside may be of any length and content: the checks answer false, they do not throw.

import { joined, same, type Bytes } from "./bytes";
import { sha256 } from "./hash";

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

export const leafHash = (data: Uint8Array): Bytes => sha256(LEAF, data);
export const nodeHash = (left: Uint8Array, right: Uint8Array): Bytes => sha256(joined(NODE, left, right));
export const EMPTY_ROOT: Bytes = sha256(new Uint8Array());

/** A tree that only ever grows, in memory for one hash a level. */
export class RunningTree {
  size = 0;
  #peaks: Bytes[] = [];

  add(leaf: Bytes): void {
    for (let digits = this.size; digits & 1; digits = Math.floor(digits / 2)) leaf = nodeHash(this.#peaks.pop()!, leaf);
    this.#peaks.push(leaf);
    this.size += 1;
  }

  root(): Bytes {
    return this.#peaks.reduceRight<Bytes | null>((right, peak) => (right ? nodeHash(peak, right) : peak), null) ?? EMPTY_ROOT;
  }
}

export function rootOf(leaves: Iterable<Bytes>): Bytes {
  const tree = new RunningTree();
  for (const leaf of leaves) tree.add(leaf);
  return tree.root();
}

/** Say whether the proof puts this leaf hash at this index under this root: RFC 9162 section 2.1.3.2. */
export function verifyInclusion(
  leaf: Uint8Array, index: number, size: number, proof: readonly Uint8Array[], root: Uint8Array,
): boolean {
  if (!(index >= 0 && index < size) || !areHashes([leaf, root, ...proof])) return false;
  let node = BigInt(index), last = BigInt(size - 1), found = leaf;
  for (const sibling of proof) {
    if (last === 0n) return false;
    if (node & 1n || node === last) {
      found = nodeHash(sibling, found);
      while (!(node & 1n) && node) [node, last] = [node >> 1n, last >> 1n];
    } else {
      found = nodeHash(found, sibling);
    }
    [node, last] = [node >> 1n, last >> 1n];
  }
  return last === 0n && same(found, root);
}

/** Say whether the larger tree begins with the smaller one: RFC 9162 section 2.1.4.2. */
export function verifyConsistency(
  first: number, second: number, proof: readonly Uint8Array[], firstRoot: Uint8Array, secondRoot: Uint8Array,
): boolean {
  if (!(first >= 0 && first <= second) || !areHashes([firstRoot, secondRoot, ...proof])) return false;
  if (first === 0) return !proof.length && same(firstRoot, EMPTY_ROOT);
  if (first === second) return !proof.length && same(firstRoot, secondRoot);
  if (!proof.length) return false;
  const whole = (BigInt(first) & BigInt(first - 1)) === 0n;
  const path = whole ? [firstRoot, ...proof] : [...proof];
  let node = BigInt(first - 1), last = BigInt(second - 1);
  while (node & 1n) [node, last] = [node >> 1n, last >> 1n];
  let before = path[0]!, after = path[0]!;
  for (const sibling of path.slice(1)) {
    if (last === 0n) return false;
    if (node & 1n || node === last) {
      before = nodeHash(sibling, before);
      after = nodeHash(sibling, after);
      while (!(node & 1n) && node) [node, last] = [node >> 1n, last >> 1n];
    } else {
      after = nodeHash(after, sibling);
    }
    [node, last] = [node >> 1n, last >> 1n];
  }
  return last === 0n && same(before, firstRoot) && same(after, secondRoot);
}

// No tree has 2^64 leaves, so no honest proof is longer than this.
function areHashes(items: readonly Uint8Array[]): boolean {
  return items.length <= 67 && items.every((item) => item.length === 32);
}
