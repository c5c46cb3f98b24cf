import { beforeEach, describe, expect, test } from "vitest";

import { goToWhatHappened, keyFailed, watchKeysOfSignIn } from "../src/happened";

describe("what happened is where the reader goes on", () => {
  beforeEach(() => {
    document.body.innerHTML = '<main><div tabindex="-1" data-happened><p>Kept.</p></div><h1>Recording</h1></main>';
  });

  test("the focus goes to the confirmation", () => {
    goToWhatHappened();
    expect(document.activeElement?.textContent).toBe("Kept.");
  });

  test("errors keep the focus they take by themselves", () => {
    document.querySelector("main")!.insertAdjacentHTML("afterbegin", '<div class="govuk-error-summary"></div>');
    goToWhatHappened();
    expect(document.activeElement).toBe(document.body);
  });

  test("a key that was not read is said once, with what to do", () => {
    watchKeysOfSignIn();
    const failed = () => new CustomEvent("allauth.error", { detail: { exception: { name: "NotAllowedError" } }, cancelable: true });
    document.dispatchEvent(failed());
    document.dispatchEvent(failed());
    expect(document.querySelectorAll("[role=alert]").length).toBe(1);
    expect(document.activeElement?.textContent).toContain("Nothing changed");
  });

  test("an address without a name is told from a key that is not there", () => {
    expect(keyFailed({ name: "SecurityError" } as Error)).toContain("address with a name");
  });
});
