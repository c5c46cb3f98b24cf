// What the page tells the player, in <script type="application/json" id="recording-data">.
//
// Every time is in seconds from the beginning of the recording, unless it says RFC 3339.

export interface Part {
  src: string;
  type: string;
  start: number;
  duration: number;
  label: string;
}

export interface Filmstrip {
  part: number;
  src: string;
  columns: number;
  rows: number;
  tile_width: number;
  tile_height: number;
  count: number;
  interval: number;
}

export interface Waveform {
  part: number;
  peaks_per_second: number;
  peaks: number[];
}

export interface Bookmark {
  at: number;
  label: string;
  by: string;
}

export type TrackPoint = [seconds: number, longitude: number, latitude: number];

export interface Recording {
  id: string;
  title: string;
  parts: Part[];
  duration: number;
  frame_rate: number;
  started_at: string;
  received_at: string;
  /** How far the device's clock was ahead of ours when it was docked; null: not known. */
  clock_offset_seconds: number | null;
  time_zone: string;
  pre_event_seconds: number;
  filmstrips: Filmstrip[];
  waveforms: Waveform[];
  bookmarks: Bookmark[];
  track: { points: TrackPoint[] } | null;
  /** seen: where to tell what was watched, on the pages of somebody who was given this. */
  urls: { bookmark: string | null; download?: string | null; seen?: string };
  csrf: string;
  /** Optional. True with no waveform means its picture is still being drawn. */
  sound?: boolean;
  /** Optional. Said in place of the picture when there is nothing to play. */
  problem?: { title: string; advice: string } | null;
}

/** Read the recording from the page; null when the page carries none. */
export function recordingOnPage(page: Document): Recording | null {
  const text = page.getElementById("recording-data")?.textContent;
  return text ? (JSON.parse(text) as Recording) : null;
}
