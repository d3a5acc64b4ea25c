/** Times of a plan: after its begin, or by the clock once it is known when it begins. */

/** `1:05` for minute 65; by the clock, if there is a `start` such as `09:30`. */
export function timeAt(minute: number, start = '00:00'): string {
  const at = minuteOf(start) + minute;
  return `${Math.floor(at / 60) % 24}:${String(at % 60).padStart(2, '0')}`;
}

/** Minutes from midnight to a time such as `09:30`. */
export function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

/** A time of day, as a field for one writes it: `09:30`. */
export const isTime = (text: string): boolean => /^(?:[01]\d|2[0-3]):[0-5]\d$/.test(text);

/** The start that the fragment of an address names: `#start=09:30`. Undefined for any other. */
export function startIn(fragment: string): string | undefined {
  const start = /^#start=(.*)$/.exec(fragment)?.[1];
  return start !== undefined && isTime(start) ? start : undefined;
}
