// Times in words and figures: how long, what the clock said, how sure we are.

function count(many: number, what: string): string {
  return `${many} ${what}${many === 1 ? "" : "s"}`;
}

/** Say a length of time the way a person would: "2 minutes 14 seconds". */
export function inWords(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds + 1e-6));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = whole % 60;
  const said = [
    hours ? count(hours, "hour") : "",
    minutes ? count(minutes, "minute") : "",
    rest || !whole ? count(rest, "second") : "",
  ];
  return said.filter(Boolean).join(" ");
}

/** Write a length of time in figures: "2:14" or "1:02:14". */
export function inFigures(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds + 1e-6));
  const pad = (value: number) => String(value).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = pad(whole % 60);
  return hours ? `${hours}:${pad(minutes)}:${rest}` : `${minutes}:${rest}`;
}

export interface WallClock {
  /** "21:16:08" */
  time: string;
  /** "40": hundredths of a second, cut and not rounded, so that no frame is shown early. */
  hundredths: string;
  /** "GMT" */
  zone: string;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatFor(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-GB", {
      timeZone,
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      timeZoneName: "short",
    });
    formats.set(timeZone, format);
  }
  return format;
}

/** Return what the device's clock said at this moment of the recording; null for no start time. */
export function wallClock(startedAt: string, seconds: number, timeZone: string): WallClock | null {
  const began = Date.parse(startedAt);
  if (Number.isNaN(began)) return null;
  const at = new Date(began + Math.floor(seconds * 1000 + 1e-3));
  const parts = formatFor(timeZone).formatToParts(at);
  const get = (type: Intl.DateTimeFormatPartTypes) =>
    parts.find((part) => part.type === type)?.value ?? "";
  return {
    time: `${get("hour")}:${get("minute")}:${get("second")}`,
    hundredths: String(Math.floor(at.getUTCMilliseconds() / 10)).padStart(2, "0"),
    zone: get("timeZoneName"),
  };
}

/** Write the difference of the clocks short: "device, +1.2 s". */
export function offsetInFigures(offset: number | null): string {
  if (offset === null) return "device, offset not known";
  if (Math.abs(offset) < 0.05) return "device, ±0.0 s";
  return `device, ${offset < 0 ? "−" : "+"}${Math.abs(offset).toFixed(1)} s`;
}

/** Say what the offset means. */
export function offsetInWords(offset: number | null): string {
  if (offset === null) {
    return "The device's clock was never compared with ours, so these times are the device's alone.";
  }
  if (Math.abs(offset) < 0.05) return "The device's clock agreed with ours when it was docked.";
  const side = offset > 0 ? "ahead of" : "behind";
  return `The device's clock was ${Math.abs(offset).toFixed(1)} seconds ${side} ours when it was docked.`;
}
