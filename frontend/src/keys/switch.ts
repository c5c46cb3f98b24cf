// WCAG 2.1.4: keys of a single character can be turned off, for those who speak to their computer.

const NAME = "custodes-keys";

/** Say whether single keys may act. */
export function keysOn(): boolean {
  try {
    return localStorage.getItem(NAME) !== "off";
  } catch {
    return true; // a browser that keeps nothing still gets the keys
  }
}

/** Turn the single keys on or off, in this browser. */
export function turnKeys(on: boolean): void {
  try {
    localStorage.setItem(NAME, on ? "on" : "off");
  } catch {
    // Nothing is lost: the choice lasts no longer than it can be kept.
  }
}

/** Say whether the person is typing, so that a key is a letter and not a command. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  if (target instanceof HTMLSelectElement) return true;
  const silent = ["checkbox", "radio", "button", "submit", "range", "file", "reset"];
  return target instanceof HTMLInputElement && !silent.includes(target.type);
}
