// The player around a plain <video>: the video plays without us, and better with us.

import { LitElement, html, nothing, type TemplateResult } from "lit";

import { announce } from "../announce";
import { isTyping, keysOn } from "../keys/switch";
import { keepBookmark } from "./bookmarks";
import { fillClipForm, openClipForm } from "./clipping";
import { recordingOnPage, type Bookmark, type Recording } from "./contract";
import { controls } from "./controls";
import { Deck } from "./deck";
import { helpDialog } from "./help";
import { actionFor, nextSpeed, shuttle, type Action } from "./keys";
import type { CustodesMap } from "./map";
import { byFrames, type Span } from "./parts";
import { problemFor, problemSign, type Problem } from "./problems";
import type { CustodesTimeline, Marks } from "./timeline";
import { inFigures, inWords, offsetInFigures, offsetInWords, wallClock } from "./words";

export class CustodesPlayer extends LitElement {
  static override properties = {
    recording: { state: true },
    bookmarks: { state: true },
    marks: { state: true },
    naming: { state: true },
    refusal: { state: true },
    problem: { state: true },
  };

  declare recording: Recording | null;
  declare bookmarks: Bookmark[];
  /** In and out points in seconds; every change is also a `custodes-marks` event. */
  declare marks: Marks;
  /** The moment a bookmark is being written for. */
  declare naming: number | null;
  declare refusal: string;
  declare problem: Problem | null;
  private deck: Deck | null = null;
  private frame = 0;
  private picture!: HTMLElement;

  constructor() {
    super();
    this.recording = recordingOnPage(document);
    this.bookmarks = [...(this.recording?.bookmarks ?? [])].sort((a, b) => a.at - b.at);
    this.marks = { in: null, out: null };
    this.naming = null;
    this.refusal = "";
    this.problem = problemFor(this.recording);
  }

  protected override createRenderRoot(): HTMLElement {
    const video = this.querySelector("video") ?? document.createElement("video");
    this.picture = document.createElement("div");
    this.picture.className = "c-player__picture";
    const root = document.createElement("div");
    root.className = "c-deck";
    video.playsInline = true;
    this.picture.append(video);
    this.replaceChildren(this.picture, root);
    return root;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("keydown", this.onKey);
    const video = this.picture.querySelector("video")!;
    if (this.recording?.parts.length && !this.deck) this.insert(this.recording, video);
    this.picture.addEventListener("click", (event) => {
      if (event.target === video) this.act("play-pause");
    });
    this.tick();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("keydown", this.onKey);
    cancelAnimationFrame(this.frame);
    this.deck?.pause();
  }

  private insert(recording: Recording, video: HTMLVideoElement): void {
    this.deck = new Deck(video, recording.parts, recording.duration, {
      changed: () => this.requestUpdate(),
      jumped: (gap) => this.sayGap(gap),
      failed: (kind) => (this.problem = problemFor(recording, kind)),
    });
  }

  private sayGap(gap: Span): void {
    const from = this.clock(gap.from) || inFigures(gap.from);
    announce(`Nothing was filmed for ${inWords(gap.to - gap.from)} from ${from}.`);
  }

  private clock(at: number): string {
    const { started_at, time_zone } = this.recording!;
    const clock = wallClock(started_at, at, time_zone);
    return clock ? `${clock.time} ${clock.zone}` : "";
  }

  private readonly tick = (): void => {
    this.frame = requestAnimationFrame(this.tick);
    const at = this.deck?.position;
    if (at === undefined || at === this.shown) return;
    this.shown = at;
    this.showTime(at);
    this.timeline?.moveTo(at);
    document.querySelectorAll<CustodesMap>("custodes-map").forEach((map) => map.moveTo?.(at));
  };
  private shown = -1;

  private get timeline(): CustodesTimeline | null {
    return this.renderRoot.querySelector<CustodesTimeline>("custodes-timeline");
  }

  private showTime(at: number): void {
    const { started_at, time_zone, duration } = this.recording!;
    const clock = wallClock(started_at, at, time_zone);
    const wall = this.renderRoot.querySelector(".c-clock__time");
    const since = this.renderRoot.querySelector(".c-clock__since");
    if (wall) wall.textContent = clock ? `${clock.time}.${clock.hundredths} ${clock.zone}` : "No clock";
    if (since) since.textContent = `${inFigures(at)} of ${inFigures(duration)}`;
  }

  override updated(): void {
    this.shown = -1;
    this.renderProblem();
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || isTyping(event.target)) return;
    const target = event.target as Element;
    if (target.closest?.("dialog, .c-menu")) return;
    const inside = this.contains(target);
    // Elsewhere on the page only letters act, and only while single keys are on.
    if (!inside && (!keysOn() || event.key === " " || event.key.length > 1)) {
      if (target !== document.body || !keysOn()) return;
    }
    if (event.key === " " && target.closest?.("button, a, summary, input")) return;
    if (target instanceof HTMLInputElement && target.type === "range" && event.key.length > 1) return;
    const action = actionFor(event) ?? sliderAction(event.key, target);
    if (!action || !this.deck) return;
    event.preventDefault();
    this.act(action);
  };

  /** Do what a key or a button asks for. */
  act(action: Action): void {
    const deck = this.deck;
    if (!deck) return;
    const by = (seconds: number) => deck.seek(deck.position + seconds);
    const steps: Record<Action, () => void> = {
      "play-pause": () => (deck.playing ? deck.pause() : deck.play(Math.abs(deck.rate))),
      pause: () => deck.pause(),
      forward: () => deck.play(shuttle(deck.rate, deck.playing, 1)),
      back: () => deck.play(shuttle(deck.rate, deck.playing, -1)),
      "frame-back": () => this.step(-1),
      "frame-on": () => this.step(1),
      "back-5": () => by(-5),
      "on-5": () => by(5),
      "back-1": () => by(-1),
      "on-1": () => by(1),
      slower: () => deck.setRate(nextSpeed(deck.rate, -1)),
      faster: () => deck.setRate(nextSpeed(deck.rate, 1)),
      start: () => deck.seek(0),
      end: () => deck.seek(deck.duration),
      bookmark: () => this.startNaming(),
      "mark-in": () => this.mark("in"),
      "mark-out": () => this.mark("out"),
      mute: () => (deck.video.muted = !deck.video.muted),
      "full-screen": () => this.fullScreen(),
      help: () => this.renderRoot.querySelector("dialog")?.showModal(),
    };
    steps[action]();
  }

  private step(frames: number): void {
    const deck = this.deck!;
    deck.pause();
    deck.seek(byFrames(deck.position, this.recording!.frame_rate, frames, deck.duration));
  }

  private mark(which: "in" | "out"): void {
    const at = this.deck!.position;
    const other = which === "in" ? this.marks.out : this.marks.in;
    // An out before the in would cut nothing: the other mark gives way.
    const crossed = other !== null && (which === "in" ? at >= other : at <= other);
    const rest = which === "in" ? "out" : "in";
    this.setMarks({ ...this.marks, [which]: at, ...(crossed ? { [rest]: null } : {}) });
    announce(`${which === "in" ? "In" : "Out"} point at ${inWords(at)}.`);
  }

  private setMarks(marks: Marks): void {
    this.marks = marks;
    fillClipForm(marks, this.recording!.frame_rate);
    this.dispatchEvent(new CustomEvent("custodes-marks", { detail: marks, bubbles: true }));
  }

  private fullScreen(): void {
    void (document.fullscreenElement ? document.exitFullscreen() : this.requestFullscreen());
  }

  private startNaming(): void {
    if (!this.recording!.urls.bookmark) return announce("You may not bookmark this recording.");
    this.deck!.pause();
    this.refusal = "";
    this.naming = this.deck!.position;
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLInputElement>("#c-bookmark-label")?.focus(),
    );
  }

  private endNaming(): void {
    this.naming = null;
    this.timeline?.querySelector<HTMLElement>("[role=slider]")?.focus();
  }

  private async saveBookmark(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const label = new FormData(event.target as HTMLFormElement).get("label") as string;
    try {
      const kept = await keepBookmark(this.recording!, this.naming!, label.trim());
      this.bookmarks = [...this.bookmarks, kept].sort((a, b) => a.at - b.at);
      announce(`Bookmark kept at ${inWords(kept.at)}.`);
      this.endNaming();
    } catch (error) {
      this.refusal = (error as Error).message;
    }
  }

  private renderProblem(): void {
    this.picture.querySelector(".c-player__problem")?.remove();
    if (this.problem) this.picture.append(problemSign(this.problem, () => this.retry()));
  }

  private retry(): void {
    this.problem = null;
    this.deck?.retry();
  }

  private cut(): TemplateResult | typeof nothing {
    const { in: from, out: to } = this.marks;
    if (from === null && to === null) return nothing;
    const time = (at: number | null, otherwise: string) =>
      at === null ? otherwise : `${this.clock(at)} (${inFigures(at)})`;
    const length = (to ?? this.recording!.duration) - (from ?? 0);
    return html`<p class="c-deck__cut">Marked from <b>${time(from, "the beginning")}</b> to <b>${time(to, "the end")}</b>,
      ${inWords(length)}. ${document.getElementById("clip-form")
        ? html`<button type="button" class="c-deck__plain" @click=${openClipForm}>Make a clip of this</button>`
        : nothing} <button type="button" class="c-deck__plain" @click=${() => this.setMarks({ in: null, out: null })}>Clear the marks</button></p>`;
  }

  private namingForm(): TemplateResult | typeof nothing {
    if (this.naming === null) return nothing;
    return html`<form class="c-deck__naming" @submit=${this.saveBookmark}
      @keydown=${(event: KeyboardEvent) => event.key === "Escape" && this.endNaming()}>
      <label for="c-bookmark-label">What happens at ${this.clock(this.naming) || inFigures(this.naming)}?</label>
      <div><input id="c-bookmark-label" name="label" required maxlength="200" autocomplete="off"
        aria-describedby=${this.refusal ? "c-bookmark-refusal" : nothing} />
      <button class="govuk-button govuk-button--small">Keep bookmark</button>
      <button type="button" class="govuk-button govuk-button--small govuk-button--secondary" @click=${this.endNaming}>Cancel</button></div>
      ${this.refusal ? html`<p class="c-deck__refusal" id="c-bookmark-refusal" role="alert">${this.refusal}</p>` : nothing}
    </form>`;
  }

  private bookmarkList(): TemplateResult | typeof nothing {
    if (!this.bookmarks.length) return nothing;
    return html`<section class="c-bookmarks" aria-labelledby="c-bookmarks-title"><h2 id="c-bookmarks-title">Bookmarks</h2>
      <ol>${this.bookmarks.map((mark) => html`<li>
        <button type="button" class="c-deck__plain" @click=${() => this.deck?.seek(mark.at)}>${this.clock(mark.at) || inFigures(mark.at)}</button>
        <span>${mark.label}</span> <small>${mark.by}</small></li>`)}</ol></section>`;
  }

  override render(): TemplateResult {
    const recording = this.recording;
    if (!recording) return html``;
    const offset = recording.clock_offset_seconds;
    return html`
      <p class="c-clock"><span class="c-clock__time"></span>
        <span class="c-clock__offset" title=${offsetInWords(offset)}>(${offsetInFigures(offset)})</span>
        <span class="c-clock__since"></span></p>
      ${recording.parts.length
        ? html`<custodes-timeline .recording=${recording} .marks=${this.marks} .bookmarks=${this.bookmarks}
            @custodes-seek=${(event: CustomEvent<number>) => this.deck?.seek(event.detail)}></custodes-timeline>`
        : nothing}
      ${controls(this.deck, Boolean(recording.urls.bookmark), (action) => this.act(action))}${this.cut()}${this.namingForm()}${this.bookmarkList()}
      ${helpDialog(() => this.requestUpdate())}`;
  }
}

function sliderAction(key: string, target: Element): Action | null {
  if (target.getAttribute("role") !== "slider") return null;
  if (key === "ArrowUp" || key === "PageUp") return "on-5";
  return key === "ArrowDown" || key === "PageDown" ? "back-5" : null;
}

customElements.define("custodes-player", CustodesPlayer);
