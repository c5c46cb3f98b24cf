// One polite voice for the whole page: a screen reader hears it when it has time.

const ID = "c-announcer";

/** Say something to a screen reader without moving anything on the page. */
export function announce(words: string): void {
  let voice = document.getElementById(ID);
  if (!voice) {
    voice = document.createElement("div");
    voice.id = ID;
    voice.className = "c-visually-hidden";
    voice.setAttribute("role", "status");
    document.body.append(voice);
  }
  // The same words twice are silent unless the text really changes.
  voice.textContent = voice.textContent === words ? `${words}\u00a0` : words;
}
