/** JUnit's XML, which nearly every CI reads: a suite for each exercise, a case for each check. */

import type { Check } from '#grade/verdict';
import { type Graded, wordsOf } from './result.ts';

type Kind = 'failure' | 'error' | 'skipped';

interface Case {
  readonly name: string;
  readonly kind?: Kind;
  readonly message?: string;
  readonly text?: string;
}

/** The whole document. */
export function junitReport(results: readonly Graded[]): string {
  const suites = results.map((result) => ({ ...result, cases: casesOf(result) }));
  const all = suites.flatMap(({ cases }) => cases);
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="faultline" ${counts(all)}>`,
    ...suites.flatMap(({ id, file, cases }) => [
      `  <testsuite name="${escaped(id)}" file="${escaped(file)}" ${counts(cases)}>`,
      ...cases.map((each) => caseLine(id, file, each)),
      '  </testsuite>',
    ]),
    '</testsuites>',
  ];
  return `${lines.join('\n')}\n`;
}

function casesOf({ verdict, file }: Graded): Case[] {
  if (!verdict) return [{ name: 'begun', kind: 'failure', message: `There is no ${file} yet.` }];
  if (verdict.outcome === 'broken') {
    const text = verdict.errors.map(({ line, message }) => `${file}:${line}: ${message.text}`).join('\n');
    return [{ name: 'compiles', kind: 'error', message: 'The file does not compile: no check ran.', text }];
  }
  return verdict.checks.map(caseOf);
}

function caseOf(check: Check): Case {
  const { name, status, message } = check;
  if (status === 'passed') return { name };
  if (status === 'not run')
    return { name, kind: 'skipped', message: message?.text ?? 'An earlier stage has not passed.' };
  const kind = status === 'failed' ? 'failure' : 'error';
  return { name, kind, message: message?.text ?? status, text: wordsOf(check).join('\n') };
}

function counts(cases: readonly Case[]): string {
  const count = (kind: Kind) => cases.filter((each) => each.kind === kind).length;
  return `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`;
}

function caseLine(id: string, file: string, { name, kind, message = '', text = '' }: Case): string {
  const open = `    <testcase classname="${escaped(id)}" name="${escaped(name)}" file="${escaped(file)}"`;
  if (kind === undefined) return `${open}/>`;
  const inner =
    text === ''
      ? `<${kind} message="${escaped(message)}"/>`
      : `<${kind} message="${escaped(message)}">${escaped(text)}</${kind}>`;
  return `${open}>${inner}</testcase>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\t': '&#9;',
};

/** For an attribute or a text. What XML cannot hold at all, a submission's own words may contain: it is shown as missing. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll('\r', '')
    .replaceAll(/[^\t\n\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll(/[&<>"\n\t]/g, (character) => ENTITIES[character] ?? character);
}
