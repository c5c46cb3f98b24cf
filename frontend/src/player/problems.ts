// What is said when there is no picture: what is so, and what to do next.

import type { Recording } from "./contract";

export interface Problem {
  title: string;
  advice: string;
  retry: boolean;
  download: string | null;
}

/** Say why a recording does not play; null when nothing stands in the way. */
export function problemFor(
  recording: Recording | null,
  failure?: "unplayable" | "stopped",
): Problem | null {
  const download = recording?.urls.download ?? null;
  if (!recording) {
    return {
      title: "This page did not say what to play.",
      advice: "The recording is not affected. Load the page again.",
      retry: false,
      download,
    };
  }
  if (recording.problem) return { ...recording.problem, retry: false, download };
  if (!recording.parts.length) {
    return {
      title: "The viewing copy is still being prepared.",
      advice: "The original is sealed and safe. Load this page again in a minute.",
      retry: false,
      download,
    };
  }
  if (failure === "stopped") {
    return {
      title: "The picture stopped arriving.",
      advice: "The recording is safe. Check the network, then try again from the same moment.",
      retry: true,
      download,
    };
  }
  if (failure === "unplayable") {
    return {
      title: "This browser could not play the recording.",
      advice:
        "The recording is safe and unchanged. Try again; if you were signed out, sign in first. " +
        "If it still does not play, use a current Chrome, Edge or Firefox.",
      retry: true,
      download,
    };
  }
  return null;
}

/** Draw the sign that stands in place of the picture. */
export function problemSign(problem: Problem, retry: () => void): HTMLElement {
  const sign = document.createElement("div");
  sign.className = "c-player__problem";
  sign.setAttribute("role", "alert");
  const line = (tag: string, words: string) =>
    Object.assign(document.createElement(tag), { textContent: words });
  sign.append(line("strong", problem.title), line("p", problem.advice));
  if (problem.retry) {
    const again = line("button", "Try again") as HTMLButtonElement;
    again.type = "button";
    again.className = "govuk-button govuk-button--small";
    again.addEventListener("click", retry);
    sign.append(again);
  }
  if (problem.download) {
    const link = line("a", "Download the viewing copy") as HTMLAnchorElement;
    link.href = problem.download;
    link.className = "c-player__download";
    sign.append(link);
  }
  return sign;
}
