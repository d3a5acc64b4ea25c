/** The predictions that a lesson asks for, as its page has them: `<Prediction id="…" question="…" options={[…]} />`. */

export interface Prediction {
  /** `<lesson>/<name>` */
  readonly id: string;
  /** Both, and the options' texts, in Markdown with nothing but code spans in it. */
  readonly question: string;
  readonly options: readonly PredictionOption[];
}

export interface PredictionOption {
  /** What progress remembers, and what the answering function returns for it. */
  readonly key: string;
  readonly text: string;
  /** Why this is what happens, or why one may think so. */
  readonly reason: string;
}

const TAG = /^<Prediction\b([\s\S]*?)^\/>/gm;
const TEXT = String.raw`("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')`;
const OPTION = new RegExp(String.raw`\{\s*key: ${TEXT},\s*text: ${TEXT},\s*reason: ${TEXT},?\s*\}`, 'g');

/** In the order of the page. */
export function predictionsIn(body: string): Prediction[] {
  return [...body.matchAll(TAG)].map(([, inside = '']) => {
    const options = [...inside.matchAll(OPTION)].map(([, key = '', text = '', reason = '']) => ({
      key: unquoted(key),
      text: unquoted(text),
      reason: unquoted(reason),
    }));
    return { id: attribute(inside, 'id'), question: attribute(inside, 'question'), options };
  });
}

const attribute = (inside: string, name: string): string =>
  new RegExp(String.raw`^\s*${name}="([^"]*)"`, 'm').exec(inside)?.[1] ?? '';

const unquoted = (literal: string): string => literal.slice(1, -1).replaceAll(/\\(.)/g, '$1');
