/**
 * How the model was checked, in numbers for the page about it. They are counted in the tests and in the course itself while the site is
 * built, so none can be out of date; where nothing is found, the build fails.
 */

export type Texts = Readonly<Record<string, string>>;

/** Whatever counts gets all texts, by path. */
const counts = {
  /** Counts of traces that papers and closed formulas give. */
  references: (texts: Texts) =>
    sum(captures(texts['src/explore/counts.test.ts'], /row\([^\n]*?, \[([\d, ]+)\], \[[\d, _]+\]/g).map(sizeOfList)),
  /** Faults planted in the engine. */
  planted: (texts: Texts) => captures(texts['src/explore/mutants.test.ts'], /^ +(caughtBy): \['/gm).length,
  /** Random programs that each run of the tests compares with plain enumeration. */
  random: (texts: Texts) => randomAgainstBruteForce(texts) + randomAgainstTraces(texts),
  /** Rows of the tables that say what the kernel does. */
  rows: (texts: Texts) => new Set(rowTitles(texts)).size,
  /** Bugs of the real driver's history that the simulated one has too. */
  bugs: (texts: Texts) => bugsIn(texts).length,
  /** Variants of the driver that a second explorer judged too. */
  variants: (texts: Texts) => secondExplorer(texts).length,
  /** Worlds in which it did, over all variants. */
  comparisons: (texts: Texts) => sum(secondExplorer(texts).map(sizeOfList)),
  generations: (texts: Texts) =>
    captures(
      captures(texts['src/linux/drivers/vfio/pci/generations/index.ts'], /export const generations = \{([^}]*)\}/g)[0],
      /^ +(\w+),$/gm,
    ).length,
  exercises: (texts: Texts) => filesOf(texts, /^exercises\/\d[^/]*\/exercise\.ts$/),
  right: (texts: Texts) => filesOf(texts, /^exercises\/\d[^/]*\/(?:solution|right\/[^/]+)\.ts$/),
  wrong: (texts: Texts) => filesOf(texts, /^exercises\/\d[^/]*\/wrong\/[^/]+\.ts$/),
  misconceptions: (texts: Texts) => filesOf(texts, /^content\/misconceptions\/[^/]+\.md$/),
  /** Places where the prose says what a claim about Linux rests on. */
  sources: (texts: Texts) =>
    sum(
      Object.entries(texts).map(([path, text]) =>
        path.startsWith('content/') ? captures(text, /(<Source[ >]|[*_]Source: )/g).length : 0,
      ),
    ),
} as const;

export type Checked = keyof typeof counts;

/** Throws where there is nothing to count: then what it is counted in has changed its form. */
export function countChecked(what: Checked, texts: Texts): number {
  const count = counts[what](texts);
  if (!(count > 0))
    throw new Error(`the page about the model counts "${what}", and finds none: see src/site/checked.ts`);
  return count;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

const captures = (text: string | undefined, pattern: RegExp): string[] =>
  [...(text ?? '').matchAll(pattern)].map(([, captured]) => captured ?? '');

const sizeOfList = (list: string): number => list.split(',').filter((each) => each.trim()).length;

const filesOf = (texts: Texts, pattern: RegExp): number =>
  Object.keys(texts).filter((path) => pattern.test(path)).length;

const numberIn = (text: string | undefined, pattern: RegExp): number => Number(captures(text, pattern)[0]);

function randomAgainstBruteForce(texts: Texts): number {
  const test = texts['src/explore/oracle.test.ts'];
  return numberIn(test, /ORACLE_RUNS \?\? (\d+)/g) * captures(test, /=> (check)\(scripts\(/g).length;
}

function randomAgainstTraces(texts: Texts): number {
  const test = texts['src/explore/dpor/oracle.test.ts'];
  const each = numberIn(test, /const SMALL = (\d+)/g) + numberIn(test, /const LARGE = (\d+)/g);
  const kinds = captures(texts['src/explore/fixtures/randomScripts.ts'], /parts = \{([\s\S]*?)^\}/gm)[0];
  const finite = captures(kinds, /^ {2}(\w+):/gm).filter((kind) => kind !== 'retrying');
  return each * finite.length;
}

/** Each row has a test of that title: src/linux/rows.test.ts sees to it. */
function rowTitles(texts: Texts): string[] {
  const tables = new Set(captures(texts['src/linux/rows.test.ts'], /^ {2}'(\d\.\d)': \[/gm));
  return testsOfLinux(texts)
    .flatMap((text) => captures(text, /[([]\s*['"`](\d\.\d+ .*?)(?:: |['"`])/g))
    .filter((title) => tables.has(title.slice(0, 3)));
}

/** Those that the tests name, all of them from the first to the last. */
function bugsIn(texts: Texts): string[] {
  const named = new Set(testsOfLinux(texts).flatMap((text) => captures(text, /\b(B\d{1,2})\b/g)));
  const inOrder = Array.from({ length: named.size }, (_, at) => `B${at + 1}`);
  const missing = inOrder.filter((bug) => !named.has(bug));
  if (missing.length > 0) throw new Error(`no test of src/linux names ${missing.join(', ')}`);
  return inOrder;
}

const testsOfLinux = (texts: Texts): string[] =>
  Object.entries(texts).flatMap(([path, text]) => (/^src\/linux\/.*\.test\.ts$/.test(path) ? [text] : []));

/** By variant, its numbers of states there. */
const secondExplorer = (texts: Texts): string[] =>
  captures(
    captures(texts['src/linux/fixtures/section8.ts'], /statesInTheFacts = \{([\s\S]*?)^\}/gm)[0],
    /^ +\w+: \[([\d, ]+)\]/gm,
  );
