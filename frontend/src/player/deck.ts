// Plays several files through one <video>, at any speed and in both directions.
//
// What the browser cannot do (backwards, or faster than it allows) is done by showing one
// picture after the other, without sound.

import type { Part } from "./contract";
import { moved, nextFilmed, placeAt, type Span } from "./parts";

export interface DeckEvents {
  /** Something a control shows has changed: playing, rate, sound. */
  changed(): void;
  /** Nothing was filmed here, and the deck went on to the next picture. */
  jumped(gap: Span): void;
  failed(kind: "unplayable" | "stopped"): void;
}

export class Deck {
  /** Signed speed: below nothing is backwards. */
  rate = 1;
  playing = false;
  private part = -1;
  private wanted: number | null = null;
  private skimming: number | null = null;
  private skimAt = 0;

  constructor(
    readonly video: HTMLVideoElement,
    private readonly parts: readonly Part[],
    readonly duration: number,
    private readonly events: DeckEvents,
  ) {
    video.controls = false;
    video.addEventListener("ended", () => this.onEnded());
    video.addEventListener("error", () => this.onError());
    video.addEventListener("loadedmetadata", () => this.onLoaded());
    video.addEventListener("volumechange", () => events.changed());
    video.addEventListener("pause", () => this.onPause());
    const first = parts[0];
    if (first) this.load(0);
  }

  /** Seconds from the beginning of the recording. */
  get position(): number {
    if (this.skimming !== null) return this.skimAt;
    if (this.wanted !== null) return this.wanted;
    const part = this.parts[this.part];
    return part ? Math.min(part.start + this.video.currentTime, this.duration) : 0;
  }

  /** Go to a moment; where nothing was filmed, to the next moment that was. */
  seek(at: number): void {
    const target = nextFilmed(this.parts, Math.min(Math.max(at, 0), this.duration));
    if (this.skimming !== null) this.skimAt = target;
    this.show(target);
    this.events.changed();
  }

  play(rate = this.rate): void {
    this.rate = rate;
    if (rate > 0 && this.position >= this.duration - 0.05) this.seek(0);
    this.playing = true;
    this.run();
    this.events.changed();
  }

  pause(): void {
    this.playing = false;
    this.stopSkimming();
    this.video.pause();
    this.events.changed();
  }

  setRate(rate: number): void {
    this.rate = rate;
    if (this.playing) this.run();
    this.events.changed();
  }

  /** Start the same file again after a failure. */
  retry(): void {
    const at = this.position;
    this.load(Math.max(0, this.part), true);
    this.wanted = at;
  }

  private run(): void {
    if (this.rate > 0 && this.native(this.rate)) {
      this.stopSkimming();
      void this.video.play().catch(() => this.onRefused());
    } else {
      this.video.pause();
      this.skim();
    }
  }

  private onRefused(): void {
    // The browser wants a gesture first, or the file failed; `error` tells the latter.
    this.playing = !this.video.paused;
    this.events.changed();
  }

  /** Try the browser's own speed; it may throw, or quietly keep another. */
  private native(rate: number): boolean {
    try {
      this.video.playbackRate = rate;
    } catch {
      return false;
    }
    return Math.abs(this.video.playbackRate - rate) < 1e-3;
  }

  private skim(): void {
    if (this.skimming !== null) return;
    this.skimAt = this.position;
    let last = performance.now();
    const step = (now: number) => {
      const { at, over } = moved(this.skimAt, this.rate, (now - last) / 1000, this.duration);
      this.skimAt = at;
      last = Math.max(last, now);
      if (over) {
        this.show(at);
        return this.pause();
      }
      if (!this.video.seeking && this.wanted === null) this.show(this.skimAt);
      this.skimming = requestAnimationFrame(step);
    };
    this.skimming = requestAnimationFrame(step);
  }

  private stopSkimming(): void {
    if (this.skimming === null) return;
    cancelAnimationFrame(this.skimming);
    this.skimming = null;
    this.show(this.skimAt);
  }

  private show(at: number): void {
    // Backwards into a gap shows the last picture before it.
    const place = placeAt(this.parts, at) ?? placeAt(this.parts, nextFilmed(this.parts, at));
    if (!place) return;
    if (place.part !== this.part) {
      this.load(place.part);
      this.wanted = at;
    } else if (this.video.readyState === HTMLMediaElement.HAVE_NOTHING) {
      this.wanted = at;
    } else {
      this.video.currentTime = place.offset;
    }
  }

  private load(index: number, again = false): void {
    const part = this.parts[index]!;
    this.part = index;
    // A file the page has already begun to load is not loaded twice.
    const same = this.video.getAttribute("src") === part.src;
    this.video.querySelectorAll("source").forEach((source) => source.remove());
    if (!same) this.video.src = part.src;
    if (same && again) this.video.load();
    if (same && this.video.error) this.onError();
  }

  private onLoaded(): void {
    const at = this.wanted;
    this.wanted = null;
    if (at !== null) {
      const place = placeAt(this.parts, at);
      if (place) this.video.currentTime = place.offset;
    }
    if (this.playing && this.skimming === null) this.run();
    this.events.changed();
  }

  private onEnded(): void {
    if (this.skimming !== null) return;
    const part = this.parts[this.part];
    const next = this.parts[this.part + 1];
    if (!part || !next) {
      this.playing = false;
      return this.events.changed();
    }
    const gap = { from: part.start + part.duration, to: next.start };
    this.load(this.part + 1);
    this.wanted = next.start;
    if (gap.to - gap.from > 0.05) this.events.jumped(gap);
  }

  private onPause(): void {
    // The browser pauses by itself at the end of a file, and when another is loaded.
    if (this.video.ended || this.skimming !== null || this.wanted !== null) return;
    this.playing = false;
    this.events.changed();
  }

  private onError(): void {
    this.playing = false;
    this.stopSkimming();
    const network = this.video.error?.code === MediaError.MEDIA_ERR_NETWORK;
    this.events.failed(network ? "stopped" : "unplayable");
  }
}
