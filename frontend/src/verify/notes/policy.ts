// Whom to believe: a pinned file of logs, witnesses and a quorum (C2SP tlog-policy).
//
// The file comes from whoever checks, never from the package. A key that would prove nothing
// refuses the whole file.

import { latin1, same, type Bytes } from "../plain/bytes";
import { COSIGNATURE, ED25519, KeyInvalid, ML_DSA_44, parseKey, type VerifierKey } from "./keys";

const NONE = "none";
const MOST_BYTES = 1 << 20;
/** "Character set": tab, newline, printable ASCII and opaque octets above it; the rest is refused. */
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f]/;

/** The file is not a policy, or names a key that must not be trusted. */
export class PolicyInvalid extends Error {}

interface Group {
  readonly threshold: number;
  readonly members: readonly string[];
}

export class Policy {
  readonly logs: VerifierKey[] = [];
  readonly witnesses = new Map<string, VerifierKey>();
  readonly groups = new Map<string, Group>();
  readonly #grouped = new Set<string>();
  quorum = "";

  static parse(content: Bytes): Policy {
    if (content.length > MOST_BYTES || CONTROL.test(latin1(content))) {
      throw new PolicyInvalid("the policy is too long or holds control characters");
    }
    const policy = new Policy();
    new TextDecoder("utf-8", { ignoreBOM: true }).decode(content).split("\n").forEach((line, nth) => {
      const words = line.split(/[ \t]+/).filter((word) => word);
      if (!words.length || words[0]!.startsWith("#")) return;
      try {
        policy.#take(words);
      } catch (fault) {
        if (!(fault instanceof PolicyInvalid || fault instanceof KeyInvalid)) throw fault;
        throw new PolicyInvalid(`line ${nth + 1} of the policy: ${fault.message}`);
      }
    });
    if (!policy.quorum) throw new PolicyInvalid("the policy has no quorum line");
    return policy;
  }

  /** The keys that may sign for the log of this name. */
  logKeys(origin: string): readonly VerifierKey[] {
    return this.logs.filter((key) => key.name === origin);
  }

  get asksNobody(): boolean {
    return this.quorum === NONE;
  }

  /** Say whether the witnesses of these names are enough. */
  isMetBy(cosigned: ReadonlySet<string>): boolean {
    return this.asksNobody || this.#hasWitnessed(this.quorum, cosigned);
  }

  #hasWitnessed(name: string, cosigned: ReadonlySet<string>): boolean {
    const group = this.groups.get(name);
    if (!group) return cosigned.has(name);
    return group.members.filter((member) => this.#hasWitnessed(member, cosigned)).length >= group.threshold;
  }

  #take([word = "", ...words]: readonly string[]): void {
    if (word === "log") this.#log(words);
    else if (word === "witness") this.#witness(words);
    else if (word === "group") this.#group(words);
    else if (word === "quorum") this.#quorum(words);
    else throw new PolicyInvalid(`"${word.slice(0, 40)}" begins no line of a policy`);
  }

  #log(words: readonly string[]): void {
    if (words.length < 1 || words.length > 2) throw new PolicyInvalid("a log line is a key and perhaps an address");
    const key = keyOf(words[0]!, [ED25519, ML_DSA_44]);
    if (this.logs.some((log) => same(log.public, key.public))) throw new PolicyInvalid("this log's key stands there already");
    this.logs.push(key);
  }

  #witness(words: readonly string[]): void {
    if (words.length < 2 || words.length > 3) throw new PolicyInvalid("a witness line is a name, a key and perhaps an address");
    const name = this.#newName(words[0]!), key = keyOf(words[1]!, [COSIGNATURE, ML_DSA_44]);
    if ([...this.witnesses.values()].some((witness) => same(witness.public, key.public))) {
      throw new PolicyInvalid("this witness's key stands there already");
    }
    this.witnesses.set(name, key);
  }

  #group(words: readonly string[]): void {
    if (words.length < 3) throw new PolicyInvalid("a group line is a name, how many, and at least one member");
    const [name, many, ...members] = words as [string, string, ...string[]];
    this.#newName(name);
    for (const member of members) {
      if (!this.witnesses.has(member) && !this.groups.has(member)) throw new PolicyInvalid(`${member} is not named above`);
      if (this.#grouped.has(member)) throw new PolicyInvalid(`${member} is a member already`);
      this.#grouped.add(member);
    }
    this.groups.set(name, { threshold: threshold(many, members.length), members });
  }

  #quorum(words: readonly string[]): void {
    const [name] = words;
    if (words.length !== 1 || this.quorum) throw new PolicyInvalid("there is one quorum line, with one name");
    if (name !== NONE && !this.witnesses.has(name!) && !this.groups.has(name!)) {
      throw new PolicyInvalid(`${name} is not named above`);
    }
    this.quorum = name!;
  }

  #newName(name: string): string {
    if (name === NONE || this.witnesses.has(name) || this.groups.has(name)) throw new PolicyInvalid(`the name ${name} is taken`);
    return name;
  }
}

function keyOf(text: string, kinds: readonly number[]): VerifierKey {
  const key = parseKey(text);
  if (!kinds.includes(key.kind)) {
    throw new PolicyInvalid(`the key of ${key.name} is of a kind that has no place on this line`);
  }
  return key;
}

function threshold(many: string, members: number): number {
  if (many === "all" || many === "any") return many === "all" ? members : 1;
  const number = /^\d{1,5}$/.test(many) ? Number(many) : 0;
  if (number < 1 || number > members) throw new PolicyInvalid(`${many.slice(0, 20)} of ${members} members cannot be`);
  return number;
}
