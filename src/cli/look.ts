/** How output may look: its width, whether it may have colours, and whether its reader sees more than ASCII. */

import { styleText } from 'node:util';

export interface Look {
  readonly width: number;
  readonly colour: boolean;
  readonly unicode: boolean;
  /** Read out rather than looked at: one sentence a step, nothing drawn. */
  readonly spoken?: boolean;
  /** Names of files may be links (OSC 8). */
  readonly links?: boolean;
}

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

interface Environment {
  readonly [name: string]: string | undefined;
}

interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

const WIDEST = 100;
const NARROWEST = 40;
const USUAL = 80;

/** What an output can show: at least 40 and at most 100 columns, 80 where it does not say. */
export function lookOf(output: Output, env: Environment = process.env, platform: string = process.platform): Look {
  return {
    width: Math.max(NARROWEST, Math.min(WIDEST, output.columns ?? USUAL)),
    colour: mayColour(output, env),
    unicode: mayUnicode(env, platform),
    ...(output.isTTY === true && env.TERM === 'dumb' ? { spoken: true } : {}),
    ...(output.isTTY === true && mayLink(env) ? { links: true } : {}),
  };
}

/** Without colours, in ASCII: for tests, and for output that is kept. */
export const plainLook: Look = { width: USUAL, colour: false, unicode: false };

function mayColour(output: Output, env: Environment): boolean {
  // https://no-color.org: any text but the empty one.
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0';
  return output.isTTY === true && env.TERM !== 'dumb';
}

function mayUnicode(env: Environment, platform: string): boolean {
  if (platform === 'win32') return env.WT_SESSION !== undefined || env.TERM_PROGRAM === 'vscode';
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  return /utf-?8/i.test(locale);
}

// Terminals that say who they are, and have links.
const LINKING = /^(iTerm\.app|WezTerm|vscode|ghostty|Hyper|rio|Tabby)$/;

/** No terminal can be asked; others may show the sequence as it stands. */
function mayLink(env: Environment): boolean {
  if (env.TERM === 'dumb' || env.TERM === undefined) return false;
  const { TERM_PROGRAM: program = '', VTE_VERSION: vte, TERM_PROGRAM_VERSION: version = '' } = env;
  if (program === 'tmux') return Number.parseFloat(version) >= 3.4;
  if (LINKING.test(program) || env.WT_SESSION !== undefined || env.KONSOLE_VERSION !== undefined) return true;
  return Number(vte ?? 0) >= 5000 || /^(xterm-kitty|alacritty|foot|xterm-ghostty)/.test(env.TERM);
}

/** The text as a link to an address, where the terminal has links. */
export function linked(look: Look, address: string, text: string): string {
  return look.links ? `\u001b]8;;${address}\u0007${text}\u001b]8;;\u0007` : text;
}

/** The text in a style, where there are colours. Never the only sign of anything. */
export function paint(look: Look, style: Style | readonly Style[], text: string): string {
  return look.colour && style.length > 0 && text !== ''
    ? styleText([style].flat(), text, { validateStream: false })
    : text;
}

const GLYPHS = {
  passed: ['✓', '+'],
  failed: ['✗', 'X'],
  waiting: ['·', '.'],
  undecided: ['?', '?'],
  arrow: ['→', '->'],
  rule: ['─', '-'],
  bar: ['│', '|'],
  bullet: ['•', '*'],
  repeat: ['↻', '@'],
  ellipsis: ['…', '...'],
} as const;

/** A sign that says what a word beside it says too. */
export function glyph(look: Look, name: keyof typeof GLYPHS): string {
  return GLYPHS[name][look.unicode ? 0 : 1];
}

const ASCII: Readonly<Record<string, string>> = {
  '“': '"',
  '”': '"',
  '‘': "'",
  '’': "'",
  '–': '-',
  '—': '--',
  '→': '->',
  '←': '<-',
  '×': 'x',
  '≤': '<=',
  '≥': '>=',
  '\u00a0': ' ',
  ...Object.fromEntries(Object.values(GLYPHS)),
};

/** The text as its reader can see it: where there is only ASCII, the nearest to it. */
export function readable(look: Look, text: string): string {
  if (look.unicode) return text;
  const powers = text.replaceAll(/[⁰¹²³⁴-⁹]+/g, (digits) => `^${digits}`);
  return powers.normalize('NFKD').replaceAll(/\P{ASCII}/gu, (character) => ASCII[character] ?? stripped(character));
}

/** An accent that stood over a letter goes; any other character is said to be missing. */
function stripped(character: string): string {
  return /\p{M}/u.test(character) ? '' : '?';
}
