// A part of the page that keeps itself up to date: <div data-live="/url" data-every="2">.
//
// Only what changed is touched, so scroll, focus and open details stay. While the page
// is hidden nothing is asked for. When the server stops answering, the region says since when.

import { Idiomorph } from "idiomorph";

import { announce } from "../announce";

const LONGEST_WAIT = 60_000;
const PATIENCE = 10_000;

export class LiveRegion {
  private etag = "";
  private said = "";
  private failures = 0;
  private lastGood = new Date();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asking = false;

  constructor(private readonly element: HTMLElement) {
    this.said = spokenIn(element);
  }

  /** Ask again and again, until the element leaves the page. */
  start(): void {
    document.addEventListener("visibilitychange", this.onVisibility);
    this.wait();
  }

  stop(): void {
    document.removeEventListener("visibilitychange", this.onVisibility);
    clearTimeout(this.timer);
  }

  private readonly onVisibility = (): void => {
    clearTimeout(this.timer);
    if (!document.hidden) void this.ask();
  };

  private wait(): void {
    const every = Math.max(1, Number(this.element.dataset["every"]) || 5) * 1000;
    clearTimeout(this.timer);
    // Each failure doubles the wait, so that a struggling server is not pressed harder.
    this.timer = setTimeout(
      () => void this.ask(),
      Math.min(every * 2 ** this.failures, LONGEST_WAIT),
    );
  }

  /** Ask once; never two at a time. */
  async ask(): Promise<void> {
    if (!this.element.isConnected) return this.stop();
    if (this.asking || document.hidden) return;
    this.asking = true;
    try {
      const answer = await fetch(this.element.dataset["live"]!, {
        headers: this.etag ? { "If-None-Match": this.etag } : {},
        cache: "no-store",
        credentials: "same-origin",
        signal: AbortSignal.timeout(PATIENCE),
      });
      await this.take(answer);
    } catch {
      this.fail("Not updating");
    } finally {
      this.asking = false;
      this.wait();
    }
  }

  private async take(answer: Response): Promise<void> {
    if (answer.status === 401 || answer.status === 403 || answer.redirected) {
      return this.fail("You have been signed out. Sign in again: not updating");
    }
    if (answer.status !== 304) {
      if (!answer.ok) throw new Error(String(answer.status));
      morph(this.element, await answer.text());
      this.etag = answer.headers.get("ETag") ?? "";
      this.speak();
    }
    this.failures = 0;
    this.lastGood = new Date();
    staleSign(this.element, "");
  }

  private speak(): void {
    const words = spokenIn(this.element);
    if (words && words !== this.said) announce(words);
    this.said = words;
  }

  private fail(what: string): void {
    this.failures += 1;
    staleSign(this.element, `${what} since ${clock(this.lastGood)}.`);
  }
}

function clock(at: Date): string {
  return at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

function spokenIn(element: HTMLElement): string {
  const own = element.querySelector<HTMLElement>("[data-announce]");
  return own?.dataset["announce"] ?? "";
}

/** Bring the element's children to what the fragment says, touching only what differs. */
export function morph(element: HTMLElement, fragment: string): void {
  Idiomorph.morph(element, fragment, {
    morphStyle: "innerHTML",
    ignoreActiveValue: true,
    callbacks: {
      // What a person opened stays open, what they ticked stays ticked.
      beforeAttributeUpdated: (name: string, node: Element) => !isTheirs(name, node),
    },
  });
}

function isTheirs(name: string, node: Element): boolean {
  if (name === "open") return node instanceof HTMLDetailsElement;
  return name === "checked" && node instanceof HTMLInputElement;
}

/** Say above the region that it is stale; no words take the sign away. */
function staleSign(element: HTMLElement, words: string): void {
  let sign = element.previousElementSibling as HTMLElement | null;
  if (!sign?.classList.contains("c-stale")) {
    if (!words) return;
    sign = document.createElement("p");
    sign.className = "c-stale";
    element.before(sign);
  }
  if (words && (sign.hidden || !sign.textContent)) announce(words);
  sign.textContent = words;
  sign.hidden = !words;
}

/** Start every live region of the page. */
export function startLiveRegions(root: ParentNode = document): LiveRegion[] {
  return [...root.querySelectorAll<HTMLElement>("[data-live]")].map((element) => {
    const region = new LiveRegion(element);
    region.start();
    return region;
  });
}
