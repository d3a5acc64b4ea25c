/** Texts of exercises, each in a chunk of its own that is fetched when it is asked for. */

type Texts = Record<string, () => Promise<string>>;

const hintFiles: Texts = import.meta.glob<string>('/exercises/*/hints.md', { query: '?raw', import: 'default' });
const solutionFiles: Texts = import.meta.glob<string>('/exercises/*/solution.ts', { query: '?raw', import: 'default' });

/** The Markdown of an exercise's hints. Throws where there is none. */
export const hintsFor = (exercise: string) => textOf(hintFiles, exercise);

/** The text of its solution. Throws where there is none. */
export const solutionOf = (exercise: string) => textOf(solutionFiles, exercise);

async function textOf(files: Texts, exercise: string): Promise<string> {
  const path = Object.keys(files).find((each) => each.split('/')[2]?.replace(/^\d+-/, '') === exercise);
  const load = path === undefined ? undefined : files[path];
  if (!load) throw new Error(`there is no such file for the exercise "${exercise}"`);
  return load();
}
