/** The parsers' words, in words that say what to do. */

import { insteadOfC } from './c-habits.ts';

type Explain = (match: RegExpMatchArray, found: string, before: string) => string;

const generator =
  'Write `function*` where the function begins. (An arrow function cannot be a generator: write `function* (…) { … }`.)';

const explanations: readonly (readonly [RegExp, Explain])[] = [
  [/^The keyword 'yield' is reserved/, () => `\`yield\` works only directly inside a generator. ${generator}`],
  [/^Cannot use keyword 'await'/, () => noAsync],
  [/^'with' in strict mode/, () => noWith],
  [
    /^Unexpected token, expected "(.+)"/,
    ([, expected], found) => (found ? `Expected \`${expected}\` here, found ${found}.` : tooEarly),
  ],
  [/^The keyword '(.+)' is reserved/, ([, word]) => `\`${word}\` is a word of the language: choose another name.`],
  [/^Assigning to rvalue/, () => 'What stands on the left of this `=` cannot be assigned to.'],
  [/^Unexpectedly reached the end/, () => tooEarly],
  [/^Unexpected (?:token|character|keyword)/, (_, found, before) => unexpected(found, before)],
  [/^Unterminated string constant/, () => 'This string does not end on its line: add the closing quote.'],
  [/^Unterminated template/, () => 'This template string never ends: add the closing backquote.'],
  [/^Unterminated comment/, () => 'This comment never ends: add `*/`.'],
  [/^Unterminated regular expression/, () => 'This regular expression does not end on its line: add the closing `/`.'],
  [
    /^Identifier '(.+)' has already been declared/,
    ([, name]) => `\`${name}\` is declared twice: rename one of the two.`,
  ],
  [/^Duplicate export '(.+)'/, ([, name]) => `\`${name}\` is exported twice: remove one of the two.`],
  [
    /^Export '(.+)' is not defined/,
    ([, name]) =>
      `\`${name}\` is exported, but no value has that name. (A type is exported with \`export type { ${name} }\`.)`,
  ],
  [
    /^'return' outside of function/,
    () => 'This `return` stands outside any function: look for one `}` too many above it.',
  ],
  [/^Unsyntactic (\w+)/, ([, word]) => `This \`${word}\` stands outside any loop that it could mean.`],
];

export const noAsync =
  'Nothing here is asynchronous: write concurrent code as `function*` with `yield*`, without `async` and `await`.';
export const noWith = '`with` is not allowed in modules: name the object each time.';
export const unbalanced =
  'A bracket or a brace here has no partner: look inside the template strings of this line too.';
const tooEarly = 'The file ends too early: a bracket, a brace or a quote is still open.';

/** The message for a parser's error at `position` of `text`. */
export function explainSyntax(message: string, text: string, position: number): string {
  const words = message.replace(/^Error transforming[^:]*: /, '').replace(/ \(\d+:\d+\)$/, '');
  if (!/^(?:Unexpected (?:token|character|keyword)|Assigning to rvalue)/.test(words))
    return explain(words, text, position);
  const lineStart = text.lastIndexOf('\n', position - 1) + 1;
  const inC = insteadOfC(text.slice(lineStart).split('\n', 1)[0] ?? '', position - lineStart);
  return inC ?? explain(words, text, position);
}

function explain(words: string, text: string, position: number): string {
  const token = /^(?:[\p{ID_Continue}$]+|=>|\S)/u.exec(text.slice(position))?.[0];
  for (const [pattern, say] of explanations) {
    const match = words.match(pattern);
    if (match) return say(match, token ? `\`${token}\`` : '', text.slice(0, position));
  }
  return `This is not valid TypeScript: ${words.replace(/\.$/, '')}.`;
}

function unexpected(found: string, before: string): string {
  if (!found) return tooEarly;
  if (found === '`with`') return noWith;
  if (found === '`yield`') return `In an expression \`yield*\` stands in brackets: \`(yield* …)\`.`;
  if (found === '`*`' && /[=(,:]\s*$/.test(before)) return `A \`*\` does not begin an expression. ${generator}`;
  return `Did not expect ${found} here: something just before it is missing or left over.`;
}
