/** Times of a plan: after its begin, or by the clock once it is known when it begins. */

/** `1:05` for minute 65; by the clock, if there is a `start` such as `09:30`. */
export function timeAt(minute: number, start = '00:00'): string {
  const [hours = 0, minutes = 0] = start.split(':').map(Number);
  const at = hours * 60 + minutes + minute;
  return `${Math.floor(at / 60) % 24}:${String(at % 60).padStart(2, '0')}`;
}

/** The start that the fragment of an address names: `#start=09:30`. Undefined for any other. */
export function startIn(fragment: string): string | undefined {
  return /^#start=((?:[01]\d|2[0-3]):[0-5]\d)$/.exec(fragment)?.[1];
}
