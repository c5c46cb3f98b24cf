// The "all keys" dialog, drawn from the same table the keys are read from.

import { html, type TemplateResult } from "lit";

import { keysOn, turnKeys } from "../keys/switch";
import { KEYS } from "./keys";

export const helpDialog = (changed: () => void): TemplateResult => html`
  <dialog class="c-keys" aria-labelledby="c-keys-title">
    <h2 id="c-keys-title">Keys of the player</h2>
    <dl>${KEYS.map((key) => html`<div><dt><kbd>${key.shown}</kbd></dt><dd>${key.does}</dd></div>`)}</dl>
    <label class="c-choice">
      <input type="checkbox" .checked=${keysOn()}
        @change=${(event: Event) => {
          turnKeys((event.target as HTMLInputElement).checked);
          changed();
        }} />
      Single keys act anywhere on the page
    </label>
    <form method="dialog"><button class="govuk-button govuk-button--small">Close</button></form>
  </dialog>`;
