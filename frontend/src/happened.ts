// What happened, where the reader is: the focus goes to it, and a failing key says what is so.

/** After a form is sent the page is new: go on from what it says happened, not from its top. */
export function goToWhatHappened(): void {
  if (document.querySelector(".govuk-error-summary")) return; // it takes the focus by itself
  document.querySelector<HTMLElement>("[data-happened]")?.focus();
}

/** The browser could not read a security key or passkey; without this nobody would be told. */
export function watchKeysOfSignIn(): void {
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    const main = document.querySelector("main");
    if (!main) return;
    main.querySelector("[data-key-failed]")?.remove();
    const notice = document.createElement("div");
    notice.className = "c-notice c-notice--refused";
    notice.dataset["keyFailed"] = "";
    notice.setAttribute("role", "alert");
    notice.tabIndex = -1;
    const words = document.createElement("p");
    words.textContent = keyFailed((event as CustomEvent<{ exception?: Error }>).detail?.exception);
    notice.append(words);
    main.prepend(notice);
    notice.focus();
  });
}

/** Say why a key was not read, by the name of the browser's error (WebAuthn level 2, section 5.1). */
export function keyFailed(error?: Error): string {
  if (error?.name === "InvalidStateError") {
    return "This key or device is registered already. Nothing changed.";
  }
  if (error?.name === "SecurityError") {
    return "Your browser takes keys only at an address with a name and HTTPS. Nothing changed. Ask your administrator for that address.";
  }
  return "No key was read, or you stopped it. Nothing changed. Try again, or use another way.";
}
