// Figures for the timeline: a wave as one path, ticks on round times.

import type { Waveform, Part } from "./contract";

/** Cut the peaks into columns, keeping the loudest of each: a shout must not vanish. */
export function loudest(peaks: readonly number[], columns: number): number[] {
  const out = new Array<number>(columns).fill(0);
  peaks.forEach((peak, index) => {
    const column = Math.min(columns - 1, Math.floor((index / peaks.length) * columns));
    out[column] = Math.max(out[column]!, peak);
  });
  return out;
}

/** Draw a part's sound as one closed path in a box of `width` by `height` for the whole recording. */
export function wavePath(
  wave: Waveform, part: Part, duration: number, width: number, height: number,
): string {
  if (!wave.peaks.length || duration <= 0) return "";
  const left = (part.start / duration) * width;
  const seconds = wave.peaks_per_second > 0 ? wave.peaks.length / wave.peaks_per_second : part.duration;
  const span = (Math.min(seconds, part.duration) / duration) * width;
  const columns = Math.max(1, Math.min(wave.peaks.length, Math.round(span)));
  const middle = height / 2;
  const tops = loudest(wave.peaks, columns).map((peak, index) => {
    const reach = Math.max(0.5, (Math.min(255, peak) / 255) * (middle - 2));
    return [left + ((index + 0.5) / columns) * span, reach] as const;
  });
  const point = (x: number, y: number) => `${x.toFixed(1)} ${y.toFixed(1)}`;
  const upper = tops.map(([x, reach]) => point(x, middle - reach));
  const lower = tops.map(([x, reach]) => point(x, middle + reach)).reverse();
  return `M${[...upper, ...lower].join("L")}Z`;
}

const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200];

/** Choose moments for tick labels: on round times of the wall clock, at most `most` of them. */
export function ticks(startedAt: string, duration: number, most: number): number[] {
  const began = Date.parse(startedAt);
  const phase = Number.isNaN(began) ? 0 : (began / 1000) % 3600;
  const step = STEPS.find((candidate) => duration / candidate < most) ?? 14_400;
  const found: number[] = [];
  for (let at = (step - (phase % step)) % step; at <= duration; at += step) found.push(at);
  return found;
}
