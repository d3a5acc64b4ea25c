import { describe, expect, it } from 'vitest';
import { glyph, linked, lookOf, paint, plainLook, readable } from './look.ts';

const terminal = { isTTY: true, columns: 90 };
const full = { width: 80, colour: true, unicode: true };

describe('lookOf', () => {
  it('takes the width of the terminal, within bounds', () => {
    expect(lookOf(terminal, {}).width).toBe(90);
    expect(lookOf({ isTTY: true, columns: 300 }, {}).width).toBe(100);
    expect(lookOf({ isTTY: true, columns: 10 }, {}).width).toBe(40);
    expect(lookOf({}, {}).width).toBe(80);
  });

  it('colours a terminal, and nothing else, unless it is told to', () => {
    expect(lookOf(terminal, {}).colour).toBe(true);
    expect(lookOf({}, {}).colour).toBe(false);
    expect(lookOf({}, { FORCE_COLOR: '1' }).colour).toBe(true);
    expect(lookOf(terminal, { FORCE_COLOR: '0' }).colour).toBe(false);
    expect(lookOf(terminal, { TERM: 'dumb' }).colour).toBe(false);
  });

  it('obeys NO_COLOR, unless it is empty', () => {
    expect(lookOf(terminal, { NO_COLOR: '1' }).colour).toBe(false);
    expect(lookOf(terminal, { NO_COLOR: '1', FORCE_COLOR: '1' }).colour).toBe(false);
    expect(lookOf(terminal, { NO_COLOR: '' }).colour).toBe(true);
  });

  it('takes a locale of UTF-8 for Unicode', () => {
    expect(lookOf({}, { LANG: 'de_DE.UTF-8' }, 'linux').unicode).toBe(true);
    expect(lookOf({}, { LANG: 'C.utf8' }, 'linux').unicode).toBe(true);
    expect(lookOf({}, { LANG: 'C' }, 'linux').unicode).toBe(false);
    expect(lookOf({}, {}, 'linux').unicode).toBe(false);
    expect(lookOf({}, { LC_ALL: 'C', LANG: 'C.UTF-8' }, 'linux').unicode).toBe(false);
  });

  it('is to be read out where the terminal can only append', () => {
    expect(lookOf(terminal, { TERM: 'dumb' }).spoken).toBe(true);
    expect(lookOf(terminal, { TERM: 'xterm' }).spoken).toBeUndefined();
    expect(lookOf({}, { TERM: 'dumb' }).spoken).toBeUndefined();
  });

  it('links where the terminal is known to have links', () => {
    const links = (env: Record<string, string>) => lookOf(terminal, { TERM: 'xterm-256color', ...env }).links === true;
    expect(links({})).toBe(false);
    expect(links({ VTE_VERSION: '7006' })).toBe(true);
    expect(links({ TERM_PROGRAM: 'tmux', TERM_PROGRAM_VERSION: '3.3a', VTE_VERSION: '7006' })).toBe(false);
    expect(links({ TERM_PROGRAM: 'tmux', TERM_PROGRAM_VERSION: '3.4' })).toBe(true);
    expect(links({ TERM_PROGRAM: 'vscode', TERM: 'dumb' })).toBe(false);
    expect(lookOf({}, { TERM: 'xterm', VTE_VERSION: '7006' }).links).toBeUndefined();
  });

  it('knows the terminals of Windows that show Unicode', () => {
    expect(lookOf({}, { WT_SESSION: 'x' }, 'win32').unicode).toBe(true);
    expect(lookOf({}, { LANG: 'C.UTF-8' }, 'win32').unicode).toBe(false);
  });
});

describe('paint', () => {
  it('adds nothing where there are no colours', () => expect(paint(plainLook, 'red', 'x')).toBe('x'));
  it('adds colours where there are', () => expect(paint(full, ['bold', 'red'], 'x')).toContain('\u001b[31m'));
  it('leaves no codes for nothing', () => {
    expect(paint(full, 'red', '')).toBe('');
    expect(paint(full, [], 'x')).toBe('x');
  });
});

describe('readable', () => {
  it('leaves Unicode alone where it can be seen', () => expect(readable(full, '“a” → b')).toBe('“a” → b'));
  it('finds the nearest in ASCII', () => {
    expect(readable(plainLook, '“a” → b — it’s… é ≤ 2³¹ ✓')).toBe('"a" -> b -- it\'s... e <= 2^31 +');
    expect(readable(plainLook, '漢\u001b[1m\n')).toBe('?\u001b[1m\n');
  });
});

describe('glyph', () => {
  it('has an ASCII form', () => {
    expect(glyph(plainLook, 'failed')).toBe('X');
    expect(glyph(full, 'failed')).toBe('✗');
  });
});

describe('linked', () => {
  it('makes a link of what would be text', () => {
    expect(linked(full, 'file:///a', 'a')).toBe('a');
    expect(linked({ ...full, links: true }, 'file:///a', 'a')).toBe('\u001b]8;;file:///a\u0007a\u001b]8;;\u0007');
  });
});
