// Keys and switches that every page has.

import { isTyping, keysOn, turnKeys } from "./switch";

/** `/` goes to the search box; Escape closes an open menu and gives the focus back. */
export function watchPageKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Escape") closeMenus(event.target);
    if (event.key !== "/" || isTyping(event.target) || !keysOn()) return;
    const search = document.querySelector<HTMLInputElement>("[data-search]");
    if (!search) return;
    event.preventDefault();
    search.focus();
    search.select();
  });
  document.addEventListener("click", (event) => {
    for (const menu of openMenus()) {
      if (!menu.contains(event.target as Node)) menu.open = false;
    }
  });
}

function openMenus(): NodeListOf<HTMLDetailsElement> {
  return document.querySelectorAll<HTMLDetailsElement>(".c-menu[open], .c-filter[open]");
}

function closeMenus(from: EventTarget | null): void {
  for (const menu of openMenus()) {
    menu.open = false;
    if (from instanceof Node && menu.contains(from)) menu.querySelector("summary")?.focus();
  }
}

/** The two switches of the footer: how close things stand, and whether single keys act. */
export function watchSwitches(): void {
  const density = document.querySelector<HTMLButtonElement>("[data-density-switch]");
  const keys = document.querySelector<HTMLButtonElement>("[data-keys-switch]");
  density?.addEventListener("click", () => {
    const compact = document.documentElement.dataset["density"] !== "compact";
    document.documentElement.dataset["density"] = compact ? "compact" : "comfortable";
    // The server reads this cookie, so the next page is drawn right the first time.
    const year = 31_536_000;
    const value = compact ? "compact" : "comfortable";
    document.cookie = `custodes_density=${value}; path=/; max-age=${year}; samesite=lax`;
    sayDensity(density, compact);
  });
  keys?.addEventListener("click", () => {
    turnKeys(!keysOn());
    sayKeys(keys);
  });
  if (density) sayDensity(density, document.documentElement.dataset["density"] === "compact");
  if (keys) sayKeys(keys);
}

function sayDensity(button: HTMLButtonElement, compact: boolean): void {
  button.hidden = false;
  button.textContent = compact ? "Show more space" : "Show more on a page";
}

function sayKeys(button: HTMLButtonElement): void {
  button.hidden = false;
  button.textContent = keysOn() ? "Turn single keys off" : "Turn single keys on";
}
