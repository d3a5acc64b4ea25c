import { describe, expect, it } from 'vitest';
import { commandFor, parseOptions } from './options.ts';

describe('parseOptions', () => {
  it('runs the handler of 5.8 in mode remap, traced, where nothing is said', () => {
    expect(parseOptions([])).toEqual({
      ...{ variant: 'early', mode: 'remap', threads: 2, cpus: 2, iterations: 60, pages: 8, delay: 0 },
      ...{ trace: true, record: undefined, json: false },
    });
  });

  it('has a CPU for each thread, unless told', () => {
    expect(parseOptions(['--threads', '4']).cpus).toBe(4);
    expect(parseOptions(['--threads', '2', '--cpus', '1']).cpus).toBe(1);
  });

  it('traces what is recorded, and not what is only counted', () => {
    expect(parseOptions(['--iterations', '5000']).trace).toBe(false);
    expect(parseOptions(['--iterations', '50', '--trace']).trace).toBe(true);
    expect(parseOptions(['--iterations', '50', '--record', 'file']).trace).toBe(true);
  });

  it.each([
    [['--variant', 'late'], '--variant takes one of stock, early'],
    [['--mode', 'walk'], '--mode takes one of remap, toggle, race, not "walk".'],
    [['--threads', '1'], '--threads takes a number from 2 to 4, not "1".'],
    [['--threads', '2.5'], 'not "2.5"'],
    [['--iterations', '0'], '--iterations takes a number from 1'],
    [['--iterations', '9'.repeat(400)], '--iterations takes a number from 1'],
    [['--pages', '9'], 'at most 8 pages'],
    [['--pages', '3', '--threads', '4'], '--pages takes a number from 4 to 256'],
    [['--record', ''], '--record takes the name of a file.'],
    [['--colour'], "Unknown option '--colour'"],
    [['early'], "Unexpected argument 'early'"],
  ])('refuses %j, and says what is wrong', (args, message) => {
    expect(() => parseOptions(args)).toThrow(message);
  });

  it('writes the command that asks for the same', () => {
    const options = parseOptions(['--variant', 'hold', '--delay', '300', '--iterations', '40', '--trace']);
    const command = commandFor(options);
    expect(command).toBe(
      'npm run lab -- --variant hold --mode remap --threads 2 --cpus 2 --iterations 40 --pages 8 --delay 300 --trace',
    );
    expect(parseOptions(command.split(' ').slice(4))).toEqual(options);
  });
});
