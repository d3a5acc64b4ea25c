/** What a C programmer writes without thinking and TypeScript cannot read: what to write instead. */

type Habit = readonly [written: RegExp, instead: (...found: readonly string[]) => string];

const word =
  '(?:static|extern|inline|const|volatile|register|typedef|unsigned|signed|void|bool|char|short|int|long|float|double|[us](?:8|16|32|64)|\\w+_t|(?:struct|union|enum)\\s+\\w+)';
const type = `\\b${word}\\b(?:[\\s*]+${word}\\b)*`;

/** Tried in this order on the line where the parser stopped; the place where it did must be inside of what matches. */
const habits: readonly Habit[] = [
  [/\blist_for_each\w*\s*\(.*/g, () => 'Go through a list with `for (const entry of yield* entriesOf(head)) { … }`.'],
  [/\bsizeof\b.*/g, () => 'There is no `sizeof`: an object has no size, and is made by writing `{ … }`.'],
  [
    /\bgoto\s+\w+/g,
    () => 'There is no `goto`: write what the label stands for before each `return`, or as a function.',
  ],
  [
    /(?<![\w.])(0x[\da-f]+|\d+)([ul]+)\b/gi,
    (_, digits, suffix) => `Write \`${digits}\` without \`${suffix}\`: there is one kind of number.`,
  ],
  [/->\s*(\w*)/g, (_, member) => `Write \`.${member}\` for \`->${member}\`: a dot serves for both.`],
  [
    new RegExp(`(?<![\\w$)\\]])(\\(\\s*(?:${type}[\\s*]*|\\w+\\s*\\*+\\s*)\\))\\s*[\\w(&*]`, 'g'),
    (_, cast) => `\`${cast}\` is a cast as in C: leave it out. Types are erased before the code runs.`,
  ],
  [/\b(?:struct|union)\s+\w*\s*\{/g, () => 'There is no `struct`: an object is made by writing `{ name: value, … }`.'],
  [
    new RegExp(`${type}[\\s*]*\\b(\\w+)\\s*\\(`, 'g'),
    (_, name) =>
      `A function begins with \`function* ${name}(…)\`; the types of what it takes and returns stand behind.`,
  ],
  [
    new RegExp(`${type}(?:\\s*\\*+\\s*|\\s+)(\\w+)`, 'g'),
    (_, name) =>
      `This is a declaration as in C. Write \`const ${name} = …\`, or \`let ${name} = …\` if it changes; a type would stand behind the name.`,
  ],
  [
    /(?<!&)&\s*([\w.>-]+)/g,
    (_, name) =>
      `No address is taken here: leave the \`&\` out. \`${name}\` itself is a reference, as every object is.`,
  ],
  [
    /\*\s*\(?\s*([\w.>-]+)(?!.*=>)/g,
    (_, name) =>
      `No pointer is followed with \`*\`: what a cell holds is read with \`yield* get(${name})\`, and written with \`yield* set(${name}, …)\`.`,
  ],
];

/** What to write instead of the C at this place of a line; undefined where it is none. */
export function insteadOfC(line: string, at: number): string | undefined {
  const code = line.replace(/(['"`])(?:\\.|(?!\1).)*\1|\/\/.*/g, (text) => ' '.repeat(text.length));
  for (const [written, instead] of habits) {
    const found = [...code.matchAll(written)].find(({ index, 0: { length } }) => index <= at && at < index + length);
    if (found) return instead(...found.map((part) => part?.replaceAll('->', '.') ?? ''));
  }
  return undefined;
}

/** A line for C's preprocessor, wherever the parser stopped because of it: its number from 1, and what to write. */
export function directiveIn(source: string): { readonly line: number; readonly message: string } | undefined {
  const lines = source.split('\n');
  const at = lines.findIndex((line) => /^\s*#\s*(?:include|define|undef|if|ifdef|ifndef|endif|pragma)\b/.test(line));
  const message = lines[at]?.includes('define')
    ? 'There is no preprocessor: write `const NAME = …`.'
    : "There is no preprocessor: what you use is named in `import { … } from '#linux'`.";
  return at < 0 ? undefined : { line: at + 1, message };
}
