// The timeline: sound, pre-event buffer, gaps, marks and bookmarks on one line of time.
//
// It is one slider to the keyboard and to a screen reader; its keys are the player's keys.

import { LitElement, html, nothing, svg, type TemplateResult } from "lit";

import { show, tile } from "../filmstrip/tile";
import type { Bookmark, Recording } from "./contract";
import { ticks, wavePath } from "./drawing";
import { gaps, placeAt } from "./parts";
import { inFigures, inWords, wallClock } from "./words";

const WIDTH = 1000;
const HEIGHT = 80;

export interface Marks {
  in: number | null;
  out: number | null;
}

export class CustodesTimeline extends LitElement {
  static override properties = {
    recording: { attribute: false },
    marks: { attribute: false },
    bookmarks: { attribute: false },
  };

  declare recording: Recording;
  declare marks: Marks;
  declare bookmarks: Bookmark[];
  private position = 0;
  private hovered: number | null = null;
  private narrow = false;
  private readonly sizes = new ResizeObserver(([entry]) => {
    const narrow = (entry?.contentRect.width ?? WIDTH) < 560;
    if (narrow === this.narrow) return;
    this.narrow = narrow;
    this.requestUpdate();
  });

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.sizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.sizes.disconnect();
  }

  /** Move the playhead. Called on every picture, so it touches the page directly. */
  moveTo(at: number): void {
    this.position = at;
    const slider = this.slider;
    if (!slider) return;
    const x = String(this.x(at));
    this.querySelector(".c-timeline__head")?.setAttribute("x1", x);
    this.querySelector(".c-timeline__head")?.setAttribute("x2", x);
    this.querySelector(".c-timeline__played")?.setAttribute("width", x);
    const second = String(Math.floor(at));
    if (slider.getAttribute("aria-valuenow") !== second) {
      slider.setAttribute("aria-valuenow", second);
      slider.setAttribute("aria-valuetext", this.spoken(at));
    }
    if (this.hovered === null && slider.matches(":focus-visible")) this.preview(at);
  }

  override updated(): void {
    // Places are set through the object model: a page's policy may forbid style attributes.
    this.querySelectorAll<HTMLElement>("[data-at]").forEach((element) => {
      const share = Number(element.dataset["at"]) / (this.recording.duration || 1);
      element.style.left = `${(share * 100).toFixed(3)}%`;
    });
    this.moveTo(this.position);
  }

  private get slider(): HTMLElement | null {
    return this.querySelector<HTMLElement>("[role=slider]");
  }

  private x(at: number): number {
    return Number(((at / (this.recording.duration || 1)) * WIDTH).toFixed(2));
  }

  private spoken(at: number): string {
    const { duration, started_at, time_zone, pre_event_seconds } = this.recording;
    const clock = wallClock(started_at, at, time_zone);
    const before = at < pre_event_seconds ? ", in the pre-event buffer" : "";
    const time = clock ? `, ${clock.time} ${clock.zone} by the device` : "";
    return `${inWords(at)} of ${inWords(duration)}${time}${before}`;
  }

  private seek(at: number): void {
    this.dispatchEvent(new CustomEvent("custodes-seek", { detail: at, bubbles: true }));
  }

  private at(event: PointerEvent): number {
    const box = this.slider!.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    return Math.min(Math.max(share, 0), 1) * this.recording.duration;
  }

  private onPointer(event: PointerEvent): void {
    const slider = this.slider!;
    this.hovered = this.at(event);
    if (event.type === "pointerdown" && event.button === 0) {
      slider.setPointerCapture(event.pointerId);
      slider.focus({ preventScroll: true });
    }
    if (slider.hasPointerCapture(event.pointerId)) this.seek(this.hovered);
    this.preview(this.hovered);
  }

  private hidePreview(): void {
    this.hovered = null;
    this.querySelector<HTMLElement>(".c-timeline__preview")!.hidden = true;
  }

  private preview(at: number): void {
    const box = this.querySelector<HTMLElement>(".c-timeline__preview")!;
    const picture = box.querySelector<HTMLElement>(".c-timeline__picture")!;
    const { parts, filmstrips, duration, started_at, time_zone } = this.recording;
    const place = placeAt(parts, at);
    const strip = filmstrips.find((each) => each.part === place?.part);
    picture.hidden = !strip;
    if (strip && place) {
      const index = Math.min(strip.count - 1, Math.floor(place.offset / (strip.interval || 1)));
      picture.style.aspectRatio = `${strip.tile_width} / ${strip.tile_height}`;
      show(picture, strip, tile(strip, index));
    }
    const clock = wallClock(started_at, at, time_zone);
    const words = `${clock ? `${clock.time} · ` : ""}${inFigures(at)}`;
    box.querySelector("span")!.textContent = place ? words : `${words} · not filmed`;
    box.style.left = `clamp(80px, ${(at / (duration || 1)) * 100}%, 100% - 80px)`;
    box.hidden = false;
  }

  private waves(): TemplateResult | typeof nothing {
    const { waveforms, parts, duration, sound } = this.recording;
    if (!waveforms.some((wave) => wave.peaks.length)) {
      const words = sound ? "The picture of the sound is still being drawn" : "No sound track";
      return html`<p class="c-timeline__quiet">${words}</p>`;
    }
    const paths = waveforms.map((wave) => {
      const part = parts[wave.part];
      return part ? svg`<path d=${wavePath(wave, part, duration, WIDTH, HEIGHT)}></path>` : nothing;
    });
    return html`<svg class="c-timeline__waves" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">${paths}</svg>`;
  }

  private spans(): TemplateResult {
    const { duration, parts, pre_event_seconds: buffer } = this.recording;
    const rect = (name: string, from: number, to: number) => svg`<rect class=${name}
      x=${this.x(from)} width=${Math.max(0.5, this.x(to) - this.x(from))} height=${HEIGHT}></rect>`;
    const { in: from, out: to } = this.marks;
    const cut = from !== null || to !== null;
    return html`<svg class="c-timeline__spans" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
      <defs><pattern id="c-hatch" width="8" height="8" patternUnits="userSpaceOnUse">
        <path d="M0 8L8 0M-2 2L2 -2M6 10L10 6"></path></pattern></defs>
      ${buffer > 0 ? rect("c-timeline__buffer", 0, Math.min(buffer, duration)) : nothing}
      <rect class="c-timeline__played" width="0" height=${HEIGHT}></rect>
      ${gaps(parts, duration).map((gap) => rect("c-timeline__gap", gap.from, gap.to))}
      ${cut ? rect("c-timeline__cut", from ?? 0, to ?? duration) : nothing}
    </svg>`;
  }

  private labels(): TemplateResult {
    const { pre_event_seconds: buffer, parts, duration } = this.recording;
    return html`${buffer > 0
        ? html`<span class="c-timeline__label c-timeline__label--buffer" data-at="0">Pre-event buffer, ${inWords(buffer)}</span>`
        : nothing}
      ${gaps(parts, duration).map(
        (gap) => html`<span class="c-timeline__label" data-at=${gap.from}>Not filmed, ${inWords(gap.to - gap.from)}</span>`,
      )}`;
  }

  private scale(): TemplateResult {
    const { started_at, time_zone, duration } = this.recording;
    const marks = ticks(started_at, duration, this.narrow ? 3 : 7);
    return html`<div class="c-timeline__scale" aria-hidden="true">${marks.map((at) => {
      const share = at / duration;
      if (share < 0.04 || share > 0.96) return nothing;
      return html`<span data-at=${at}>${wallClock(started_at, at, time_zone)?.time ?? inFigures(at)}</span>`;
    })}</div>`;
  }

  override render(): TemplateResult {
    const { duration } = this.recording;
    return html`
      <div class="c-timeline__flags">
        ${this.bookmarks.map((mark, index) => html`
          <button type="button" class="c-flag" data-at=${mark.at} title=${mark.label}
            @click=${() => this.seek(mark.at)}>
            <span class="c-visually-hidden">Bookmark ${index + 1}, at ${inWords(mark.at)}: ${mark.label}</span>
          </button>`)}
      </div>
      <div class="c-timeline__lane">
        <div role="slider" tabindex="0" class="c-timeline__slider" aria-label="Position in the recording"
          aria-valuemin="0" aria-valuemax=${Math.floor(duration)} aria-valuenow="0"
          @pointerdown=${this.onPointer} @pointermove=${this.onPointer}
          @pointerleave=${this.hidePreview} @blur=${this.hidePreview}
          @focus=${() => this.moveTo(this.position)}>
          ${this.spans()}${this.waves()}
          <svg class="c-timeline__front" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
            <line class="c-timeline__head" y1="0" y2=${HEIGHT}></line></svg>
          ${this.labels()}
        </div>
        <div class="c-timeline__preview" hidden aria-hidden="true">
          <div class="c-timeline__picture"></div><span></span></div>
      </div>
      ${this.scale()}`;
  }
}

customElements.define("custodes-timeline", CustodesTimeline);
