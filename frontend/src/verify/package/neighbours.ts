// That something is not in a tree whose leaves stand in the order of their names.

import { same, type Bytes } from "../plain/bytes";
import { EMPTY_ROOT } from "../plain/tree";

/** A leaf with its name and its place in the order. */
export interface Placed {
  readonly name: string;
  readonly index: number;
}

/** Say whether two neighbours, which are in the tree, show that it has none of this name. */
export function standApart(before: Placed | null, after: Placed | null, name: string, root: Bytes, count: number): boolean {
  const beside = before || after
    ? (after ? after.index : count) === (before ? before.index : -1) + 1
    : count === 0 && same(root, EMPTY_ROOT);
  return beside && (!before || before.name < name) && (!after || name < after.name);
}
