// The trust policy: given by the person at the page, or built into a release; remembered nowhere.

import { utf8, type Bytes } from "../plain/bytes";
import { Policy, PolicyInvalid } from "../notes/policy";
import { plural } from "../package/words";
import { certificatesIn } from "../plain/pem";
import { byId } from "./build";

declare const __BUILT_IN_POLICY__: string;

export class Trusting {
  policy: Policy | null = null;
  /** Certificates of timestamping authorities. */
  authorities: readonly Bytes[] = [];
  #refused = "";

  constructor(private readonly changed: () => void) {
    const text = byId<HTMLTextAreaElement>("policy-text");
    if (__BUILT_IN_POLICY__) text.value = __BUILT_IN_POLICY__;
    text.addEventListener("input", () => this.#take(utf8(text.value)));
    byId<HTMLInputElement>("policy-file").addEventListener("change", (event) => void this.#fromFile(event));
    byId<HTMLInputElement>("roots-file").addEventListener("change", (event) => void this.#pin(event));
    this.#take(utf8(text.value));
    byId<HTMLDetailsElement>("trust-how").open = !__BUILT_IN_POLICY__;
  }

  /** One sentence on whom a result rests. */
  get inWords(): string {
    const { policy } = this;
    if (!policy) return "No trust policy was given.";
    const logs = [...new Set(policy.logs.map(({ name }) => name))].join(", ");
    const group = policy.groups.get(policy.quorum);
    const quorum = policy.asksNobody ? "no witness" : group ? `${group.threshold} of ${group.members.length} witnesses` : "one witness";
    const stamps = this.authorities.length ? `, ${plural(this.authorities.length, "certificate")} of timestamping authorities` : "";
    return `Trusted: the log ${logs || "(none)"}, ${quorum}${stamps}.`;
  }

  async #fromFile(event: Event): Promise<void> {
    const file = (event.target as HTMLInputElement).files?.[0];
    if (!file) return;
    const data = new Uint8Array(await file.arrayBuffer());
    byId<HTMLTextAreaElement>("policy-text").value = new TextDecoder().decode(data);
    this.#take(data);
  }

  async #pin(event: Event): Promise<void> {
    const file = (event.target as HTMLInputElement).files?.[0];
    const found = file ? certificatesIn(await file.text()) : [];
    this.authorities = found ?? [];
    byId("roots-now").textContent = found ? "" : "This file holds no certificates (PEM). No timestamp is believed.";
    this.#say();
  }

  #take(content: Bytes): void {
    [this.policy, this.#refused] = [null, ""];
    try {
      if (content.length) this.policy = Policy.parse(content);
    } catch (fault) {
      if (!(fault instanceof PolicyInvalid)) throw fault;
      this.#refused = `This policy is refused: ${fault.message}. Nobody is trusted; get a sound one.`;
    }
    this.#say();
  }

  #say(): void {
    const now = byId("trust-now");
    now.className = `v-state v-state--${this.policy ? "given" : "none"}`;
    now.textContent = this.#refused || (this.policy ? this.inWords : "Nobody is trusted yet. Files can be compared, but no signature counts.");
    this.changed();
  }
}
