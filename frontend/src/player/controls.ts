// The row of buttons under the timeline. Each says its key, for those who want to be quicker.

import { html, nothing, type TemplateResult } from "lit";

import type { Deck } from "./deck";
import { SPEEDS, type Action } from "./keys";

type Act = (action: Action) => void;

/** Draw the controls; without a deck (nothing to play) they are there, and disabled. */
export function controls(deck: Deck | null, mayBookmark: boolean, act: Act): TemplateResult {
  // What is seen on the button begins its name, so that it can be called by voice.
  const button = (action: Action, words: string, key: string, means = "") => html`<button
    type="button" class="c-deck__button" aria-label=${means ? `${words}, ${means}` : words}
    aria-keyshortcuts=${key} title=${`${means || words} (${key})`} ?disabled=${!deck}
    @click=${() => act(action)}>${words}</button>`;
  const playing = deck?.playing ?? false;
  return html`<div class="c-deck__controls" role="group" aria-label="Player">
    <button type="button" class="c-deck__button c-deck__button--play" aria-keyshortcuts="Space K"
      ?disabled=${!deck} @click=${() => act("play-pause")}>${playing ? "Pause" : "Play"}</button>
    <span class="c-deck__set">${button("back-5", "−5 s", "←", "5 seconds back")}${button("frame-back", "◂ frame", ",", "one frame back")}${button("frame-on", "frame ▸", ".", "one frame on")}${button("on-5", "+5 s", "→", "5 seconds on")}</span>
    ${speed(deck)}
    <span class="c-deck__set">${button("mute", deck?.video.muted ? "Sound on" : "Sound off", "S")}${loudness(deck)}</span>
    <span class="c-deck__set">${button("mark-in", "[ In", "I", "mark the in point")}${button("mark-out", "Out ]", "O", "mark the out point")}</span>
    ${mayBookmark ? button("bookmark", "Bookmark", "M", "this moment") : nothing}
    <span class="c-deck__set c-deck__set--end">${button("full-screen", "Full screen", "F")}${button("help", "All keys", "?")}</span>
  </div>`;
}

function speed(deck: Deck | null): TemplateResult {
  const rate = deck?.rate ?? 1;
  const size = Math.abs(rate);
  const speeds = SPEEDS.includes(size) ? SPEEDS : [...SPEEDS, size];
  const choose = (event: Event) =>
    deck?.setRate(Math.sign(rate) * Number((event.target as HTMLSelectElement).value));
  return html`<label class="c-deck__speed">Speed
      <select ?disabled=${!deck} @change=${choose}>
        ${speeds.map((each) => html`<option value=${each} .selected=${each === size}>${each}×</option>`)}
      </select></label>
    ${rate < 0 ? html`<span class="c-deck__note">backwards, no sound</span>` : nothing}`;
}

function loudness(deck: Deck | null): TemplateResult {
  return html`<input type="range" min="0" max="1" step="0.05" aria-label="Loudness"
    ?disabled=${!deck} .value=${String(deck?.video.volume ?? 1)}
    @input=${(event: Event) => {
      if (deck) deck.video.volume = Number((event.target as HTMLInputElement).value);
    }} />`;
}
