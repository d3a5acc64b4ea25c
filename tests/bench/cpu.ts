/**
 * CPU time, so that a busy machine can be measured on: what other programs take is not counted. The other tools' times are CPU
 * seconds as well.
 */

/** What comes of it, and the CPU seconds that this thread needed. */
export function timed<T>(run: () => T): { readonly result: T; readonly cpu: number } {
  const before = process.threadCpuUsage();
  const result = run();
  const { user, system } = process.threadCpuUsage(before);
  return { result, cpu: (user + system) / 1e6 };
}

/** Resumes a generator that yields numbers so many times. Returns something, so that no compiler leaves it out. */
export function resume(times: number): number {
  const generator = (function* () {
    for (let i = 0; ; i++) yield i;
  })();
  let sum = 0;
  for (let i = 0; i < times; i++) sum += generator.next().value as number;
  return sum;
}

export const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
