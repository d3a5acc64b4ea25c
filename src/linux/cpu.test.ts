import { describe, expect, test } from 'vitest';
import { explore, replay } from '#explore';
import { _PAGE_RW } from './arch/x86/include/asm/pgtable.ts';
import { X86_PF_PROT, X86_PF_WRITE } from './arch/x86/include/asm/trap_pf.ts';
import { errorCode } from './cpu.ts';
import { disableMemory, enableMemory, fault, munmap, write } from './deeds/index.ts';
import type { WorldDescription } from './description.ts';
import type { Driver } from './drivers/vfio/pci/driver.ts';
import { driverWith, generations } from './drivers/vfio/pci/generations/index.ts';
import { vmf_insert_pfn, vmf_insert_pfn_prot } from './mm/memory.ts';
import { kindsOf, oneVma } from './testing.ts';
import { simulate } from './world.ts';

/** Maps whatever is touched, and asks nobody. */
const careless = driverWith({ fault: (vmf) => vmf_insert_pfn(vmf.vma, vmf.address, vmf.pgoff) });

/** How it can end, with no rule that would say first what is wrong. */
function outcomes(
  tasks: WorldDescription['tasks'],
  driver: Driver = generations.v5_14,
  changes: Partial<WorldDescription> = {},
) {
  const found = explore(simulate({ ...oneVma, tasks, ...changes }, driver, { rules: [] }), { stopAt: 'never' });
  return [...Object.keys(found.outcomes), ...kindsOf(found)];
}

describe('an access', () => {
  test('goes through the entry that the fault made', () =>
    expect(outcomes({ A: fault('v', 0) })).toEqual(['A mapped']));

  test('meets a device whose memory was off from the start', () => {
    const changes = { memory: 'disabled' } as const;
    expect(outcomes({ A: fault('v', 0) }, careless, changes)).toEqual(['A touched disabled device']);
    expect(outcomes({ A: fault('v', 0) }, generations.v5_14, changes)).toEqual(['A SIGBUS']);
  });

  test('meets a device that was switched off under a live entry', () => {
    const found = outcomes({ A: [fault('v', 0), fault('v', 0)], Z: disableMemory() }, careless);
    expect(found).toContain('A touched disabled device, Z disabled memory');
  });

  test('never meets a disabled device with the driver of 5.14, however often it is switched', () => {
    const found = outcomes({
      A: [fault('v', 0), fault('v', 0)],
      Z: [disableMemory(), enableMemory(), disableMemory()],
    });
    expect(found.filter((each) => each.includes('touched'))).toEqual([]);
    expect(found).toContain('A mapped, Z disabled memory');
    expect(found).toContain('A SIGBUS, Z disabled memory');
  });

  test('of a page whose vma is gone is SIGSEGV', () => {
    expect(outcomes({ A: [munmap('v'), fault('v', 0)] })).toEqual(['A SIGSEGV']);
  });
});

describe('B11: an access to a device whose memory is off, where the entry was left behind', () => {
  const found = (unanswered?: WorldDescription['unanswered'], access = fault) =>
    outcomes({ A: [access('v', 0), access('v', 0)], Z: disableMemory() }, careless, unanswered ? { unanswered } : {});

  test('ends the task, unless the world says otherwise', () => {
    expect(found()).toEqual(['A mapped, Z disabled memory', 'A touched disabled device, Z disabled memory']);
    expect(found('ends the task')).toEqual(found());
  });
  test('gives all ones: the task goes on', () => {
    expect(found('all ones')).toEqual(['A mapped, Z disabled memory', 'A read all ones, Z disabled memory']);
    const changes = { unanswered: 'all ones', memory: 'disabled' } as const;
    expect(outcomes({ A: [fault('v', 0), munmap('v')] }, careless, changes)).toEqual(['A unmapped']);
  });
  test('drops a write', () => {
    expect(found('all ones', write)).toEqual(['A mapped, Z disabled memory', 'A write dropped, Z disabled memory']);
  });
  test('is a machine check, which stops the machine', () => {
    expect(found('machine check')).toEqual([
      'A mapped, Z disabled memory',
      'the machine has stopped',
      'bug: Kernel panic - not syncing',
    ]);
  });
  test('after a machine check nothing is judged', () => {
    const world = { ...oneVma, tasks: { A: fault('v', 0), B: fault('v', 1) }, memory: 'disabled' } as const;
    const found = explore(
      simulate({ ...world, unanswered: 'machine check' }, careless, {
        rules: ['listed but not mapped', 'partial fill'],
      }),
      {
        stopAt: 'never',
      },
    );
    expect([...Object.keys(found.outcomes), ...kindsOf(found)]).toEqual([
      'the machine has stopped',
      'bug: Kernel panic - not syncing',
    ]);
  });
  test('never happens with the driver of 5.14, so that all platforms are alike to it', () => {
    const tasks = { A: [fault('v', 0), fault('v', 0)], Z: disableMemory() };
    for (const unanswered of ['all ones', 'machine check'] as const)
      expect(outcomes(tasks, generations.v5_14, { unanswered })).toEqual(outcomes(tasks));
  });
});

describe('the error code of a fault', () => {
  test.each([
    ['a read, no entry', false, false, 0],
    ['a write, no entry', false, true, X86_PF_WRITE],
    ['a write, and a read-only entry', 'read-only', true, X86_PF_WRITE | X86_PF_PROT],
  ] as const)('%s', (_name, refusal, isWrite, code) => expect(errorCode(refusal, isWrite)).toBe(code));

  test('a write goes not through an entry that is read-only', () => {
    const readOnly = driverWith({
      fault: ({ vma, address, pgoff }) => vmf_insert_pfn_prot(vma, address, pgoff, vma.vm_page_prot & ~_PAGE_RW),
    });
    const walks = (access: typeof fault) =>
      replay(simulate({ ...oneVma, tasks: { A: access('v', 0) } }, readOnly, { rules: [] }), 'A9').steps.flatMap(
        ({ operation, result }) => (operation.startsWith('walk') ? [result] : []),
      );
    expect(walks(fault)).toEqual(['false', 'bar0[0]']);
    expect(walks(write).slice(0, 2)).toEqual(['false', '"read-only"']);
  });
});

describe('a trace', () => {
  /** The last lines of one access by A: the look at the table, and what came of it. */
  function lastOf(driver: Driver = generations.v5_14, changes: Partial<WorldDescription> = {}) {
    const { steps } = replay(
      simulate({ ...oneVma, tasks: { A: fault('v', 1) }, ...changes }, driver, { rules: [] }),
      '',
    );
    const { operation, result, plain } = steps.at(-1) ?? { operation: '', plain: [] };
    return [`${operation} → ${result}`, ...plain.map((each) => each.operation)];
  }
  const frame = (pfn: number) => driverWith({ fault: (vmf) => vmf_insert_pfn(vmf.vma, vmf.address, pfn) });

  test('says where the entry leads, and that the device answers', () => {
    expect(lastOf()).toEqual(['walk(v[1]) → bar0[1]', 'the device answers: bar0[1]']);
  });
  test('names the page that answers, be it the wrong one', () => {
    expect(lastOf(frame(0x40000))).toEqual(['walk(v[1]) → bar0[0]', 'the device answers: bar0[0]']);
  });
  test('says that a frame is no device’s', () => {
    expect(lastOf(frame(0xbad))).toEqual(['walk(v[1]) → "frame 0xbad"', 'no device there: frame 0xbad']);
    expect(lastOf(frame(0))).toEqual(['walk(v[1]) → "frame 0x0"', 'no device there: frame 0x0']);
  });
  test('says that a device that is off does not answer', () => {
    expect(lastOf(careless, { memory: 'disabled' })).toEqual(['walk(v[1]) → bar0[1]', 'no answer from bar0[1]']);
  });
  test('says so of a device that somebody switches', () => {
    const program = simulate({ ...oneVma, tasks: { A: fault('v', 1), Z: disableMemory() } }, careless, { rules: [] });
    const told = (schedule: string) =>
      replay(program, schedule)
        .steps.flatMap(({ task, plain }) => (task === 'A' ? plain : []))
        .at(-1)?.operation;
    expect(told('A')).toBe('the device answers: bar0[1]');
    const off = explore(program, { stopAt: 'never' }).outcomes['A touched disabled device, Z disabled memory'];
    expect(told(off?.schedule ?? '')).toBe('no answer from bar0[1]');
  });
  test('has no line for what the machine remembers of a task', () => {
    const { steps } = replay(
      simulate({ ...oneVma, tasks: { A: [fault('v', 0), fault('v', 1)] } }, generations.v5_14),
      '',
    );
    expect(steps.flatMap(({ plain }) => plain.map(({ operation }) => operation)).join()).not.toContain('pending');
  });
});

describe('a signal', () => {
  test('ends the task: its later bodies do nothing', () => {
    const found = outcomes({ A: [fault('v', 0), munmap('v')] }, generations.v5_14, { memory: 'disabled' });
    expect(found).toEqual(['A SIGBUS']);
  });
  test('ends no other task', () => {
    const found = outcomes({ A: [munmap('v'), fault('v', 0)], B: disableMemory() });
    expect(found).toEqual(['A SIGSEGV, B disabled memory']);
  });
});

describe('accesses one after another', () => {
  test('of pages that the first fault has filled', () => {
    expect(outcomes({ A: [fault('v', 0), fault('v', 1), fault('v', 0)] })).toEqual(['A mapped']);
  });
});
