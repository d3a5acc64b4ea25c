import { describe, expect, it } from 'vitest';
import { parseLog } from './log.ts';

const BUG = `
LAB begins\r
LAB thread T0 is 128\r
[    4.659569] LAB iteration 2\r
[    4.661569] kernel BUG at mm/memory.c:2402!\r
[    4.662099] invalid opcode: 0000 [#1] PREEMPT SMP NOPTI\r
[    4.662356] CPU: 0 PID: 128 Comm: T0 Tainted: G           OE      6.1.0-56-amd64 #1  Debian 6.1.192-2\r
[    4.663518] RIP: 0010:remap_pfn_range_internal+0x3bd/0x580\r
[    4.664715] RAX: 0000000000000000 RBX: ffff888006d8a7a8 RCX: 000fffffffe00000\r
[    4.666994] Call Trace:\r
[    4.667672]  <TASK>\r
[    4.667886]  remap_pfn_range+0x58/0xa0\r
[    4.668120]  trace_clock_x86_tsc+0x20/0x20\r
[    4.668200]  ? guess+0x1/0x10\r
[    4.671399]  </TASK>\r
[    4.671521] Modules linked in: vfiolab(OE)\r
`;

describe('parseLog', () => {
  it('finds the BUG, its thread, and the last iteration that was told', () => {
    const log = parseLog(BUG);
    expect(log).toMatchObject({ bug: { at: 'mm/memory.c:2402', thread: 'T0' }, lastIteration: 2 });
    expect(log.failure).toBeUndefined();
    expect(log.threads.get('128')).toBe('T0');
  });

  it('cuts the oops to what matters: no registers, no guesses, no trampolines of probes', () => {
    expect(parseLog(BUG).oops.map((line) => line.slice(15))).toEqual([
      'kernel BUG at mm/memory.c:2402!',
      'invalid opcode: 0000 [#1] PREEMPT SMP NOPTI',
      'CPU: 0 PID: 128 Comm: T0 Tainted: G           OE      6.1.0-56-amd64 #1  Debian 6.1.192-2',
      'RIP: 0010:remap_pfn_range_internal+0x3bd/0x580',
      'Call Trace:',
      ' <TASK>',
      ' remap_pfn_range+0x58/0xa0',
      ' </TASK>',
    ]);
  });

  it('reads the counts', () => {
    const text = 'LAB begins\nLAB result iterations=10 contended=7 faults=20 refused=0 stale=0\nLAB done\n';
    expect(parseLog(text)).toMatchObject({
      result: { iterations: 10, contended: 7, faults: 20, refused: 0, stale: 0 },
      oops: [],
    });
  });

  it.each([
    ['', 'the machine did not boot'],
    ['LAB begins\n', 'the machine stopped in the middle of the run'],
    ['LAB failed: insmod vfio.ko\r\n', 'insmod vfio.ko'],
    ['[    0.3] Kernel panic - not syncing: timer does not work', 'Kernel panic - not syncing: timer does not work'],
  ])('says why a boot told nothing: %j', (text, failure) => {
    expect(parseLog(text).failure).toBe(failure);
  });
});
