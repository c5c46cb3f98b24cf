// Keeping a bookmark: one form-encoded POST, as a plain form would send it.

import type { Bookmark, Recording } from "./contract";

/** Ask the server to keep a bookmark; throws an Error whose words can be shown. */
export async function keepBookmark(
  recording: Recording, at: number, label: string,
): Promise<Bookmark> {
  const body = new URLSearchParams({
    at: at.toFixed(3),
    label,
    csrfmiddlewaretoken: recording.csrf,
  });
  const answer = await send(recording.urls.bookmark!, body);
  const type = answer.headers.get("Content-Type") ?? "";
  const said = type.includes("json") ? ((await answer.json()) as Partial<Bookmark>) : {};
  return { at: said.at ?? at, label: said.label ?? label, by: said.by ?? "you" };
}

async function send(url: string, body: URLSearchParams): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(url, { method: "POST", body, credentials: "same-origin" });
  } catch {
    throw new Error("The bookmark was not kept: the server did not answer. Try again.");
  }
  if (answer.status === 401 || answer.status === 403) {
    throw new Error("The bookmark was not kept: you are signed out, or may not bookmark this recording.");
  }
  if (!answer.ok) {
    throw new Error(`The bookmark was not kept: the server refused it (${answer.status}). Nothing changed.`);
  }
  return answer;
}
