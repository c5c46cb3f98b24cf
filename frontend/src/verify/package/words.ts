// Times and lengths as people read them.

/** Write a time in UTC: "14 November 2026, 21:14:05 UTC". */
export function sayTime(milliseconds: number): string {
  const at = new Date(milliseconds);
  const date = at.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  return `${date}, ${at.toISOString().slice(11, 19)} UTC`;
}

/** Write a moment of a film: "1:02:03.4". */
export function sayMoment(seconds: number): string {
  const tenths = Math.round(Math.max(0, seconds) * 10), whole = Math.floor(tenths / 10);
  const two = (value: number) => String(value).padStart(2, "0");
  const hours = Math.floor(whole / 3600), minutes = Math.floor(whole / 60) % 60;
  return `${hours ? `${hours}:${two(minutes)}` : minutes}:${two(whole % 60)}.${tenths % 10}`;
}

export function sayBytes(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  const step = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  return step === 0 ? `${bytes} bytes` : `${(bytes / 1000 ** step).toPrecision(3)} ${units[step]}`;
}

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
