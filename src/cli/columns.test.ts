import { describe, expect, it } from 'vitest';
import type { Trace } from '#explore';
import { drawColumns } from './columns.ts';
import { bugTrace, frame, step } from './fixtures.ts';
import { plainLook } from './look.ts';
import { widthOf } from './prose.ts';

const drawn = (trace: Trace) => drawColumns(plainLook, trace);
const returned = { kind: 'returned' } as const;

describe('drawColumns', () => {
  it('draws a column per CPU, switches across, and marks the fatal step', () => {
    expect(`\n${drawn(bugTrace).join('\n')}\n`).toBe(`
      CPU A                                 CPU B
      ------------------------------------  ------------------------------------
      handle_pte_fault (mm/memory.c)
   1  pte_none(pte v[0]) -> true
      vfio_pci_mmap_fault
   2  mutex_lock(vma_lock)  :12
      . list_empty(vma_list) -> true
          :14
      --- A is interrupted, B goes on ------------------------------------------
                                            handle_pte_fault (mm/memory.c)
   3                                        pte_none(pte v[0]) -> true
      --- B waits for vma_lock (held by A), A goes on --------------------------
   4  mutex_unlock(vma_lock)  :20
      --- A is done, B goes on -------------------------------------------------
                                            remap_pte_range (mm/memory.c)
                                            . get(mm) -> mm
X  5                                        set_pte_at(pte v[0], page 4096 of
                                              bar0)  :16

X     bug: kernel BUG at mm/memory.c: !pte_none(*pte)
`);
  });

  it('marks what was asked for as found', () => {
    const lines = drawColumns({ ...plainLook, colour: true }, bugTrace, 'found');
    expect(lines.at(-1)).toContain('+     found: bug: kernel BUG at mm/memory.c');
    expect(lines.at(-4)).toContain('+  5');
    expect(lines.join('')).not.toContain('\u001b[31m');
    const lost = { program: 'p', schedule: 'A', steps: [], ending: { kind: 'check', message: 'lost update' } } as const;
    expect(drawColumns(plainLook, lost, 'found').at(-1)).toBe('+     found: lost update');
  });

  it('says how it ended also where a message has said so: that may be off the screen', () =>
    expect(drawColumns(plainLook, bugTrace, 'told').at(-1)).toBe(
      'X     bug: kernel BUG at mm/memory.c: !pte_none(*pte)',
    ));

  it('says the same in colours and Unicode', () => {
    const lines = drawColumns({ width: 80, colour: true, unicode: true }, bugTrace);
    expect(lines.join('\n')).toContain('\u001b[31m');
    expect(lines.some((line) => line.includes('→ true'))).toBe(true);
    expect(lines.some((line) => line.includes('✗'))).toBe(true);
  });

  it.each([
    [80, 1],
    [80, 2],
    [80, 3],
    [80, 4],
    [40, 2],
    [40, 4],
    [100, 4],
  ])('stays within %i columns with %i CPUs', (width, count) => {
    const tasks = ['A', 'B', 'C', 'Z'].slice(0, count);
    const steps = tasks.map((task) =>
      step(task, `set_pte_at(${'x'.repeat(90)}, page 1)`, ['a_function_of_a_very_long_name_indeed@mm/memory.c'], {
        result: 'something long to say',
        plain: [{ operation: 'list_add(entry.vma_next, vdev.vma_list)', stack: [] }],
        blocked: [{ task, lock: 'vma_lock', heldBy: ['A', 'B'] }],
      }),
    );
    const ending = { kind: 'bug', message: 'a long message '.repeat(12) } as const;
    for (const line of drawColumns({ ...plainLook, width }, { program: 'p', schedule: 's', steps, ending })) {
      expect(widthOf(line)).toBeLessThanOrEqual(width);
    }
  });

  it('marks nothing, and ends without a word, where nothing went wrong', () => {
    const lines = drawn({ ...bugTrace, ending: returned });
    expect(lines.some((line) => line.startsWith('X'))).toBe(false);
    expect(lines.at(-1)).toContain(':16');
  });

  it('names the function again only when it changes', () => {
    const stack = ['handle_pte_fault@mm/memory.c'];
    const steps = [step('A', 'one()', stack), step('B', 'two()', stack), step('A', 'three()', stack)];
    const lines = drawn({ program: 'p', schedule: 's', steps, ending: returned });
    expect(lines.filter((line) => line.includes('handle_pte_fault'))).toHaveLength(2);
  });

  it('says that a task pauses, which goes on later', () => {
    const steps = [step('A', 'a()', []), step('B', 'b()', [], { switched: 'switch' }), step('A', 'c()', [])];
    const lines = drawn({ program: 'p', schedule: 's', steps, ending: returned });
    expect(lines.some((line) => line.includes('A pauses, B goes on'))).toBe(true);
    expect(lines.some((line) => line.includes('B is done, A goes on'))).toBe(true);
  });

  it('lists who is stuck behind a dead task', () => {
    const blocked = [{ task: 'A', lock: 'vma_lock', heldBy: ['B'] }];
    const steps = [step('A', 'a()', []), step('B', 'b()', [], { blocked })];
    const lines = drawn({ program: 'p', schedule: 's', steps, ending: { kind: 'bug', message: 'dead' } });
    expect(lines.slice(-2)).toEqual(['X     bug: dead', '      A waits for vma_lock (held by B)']);
  });

  it('leaves to a deadlock’s message who waits for whom', () => {
    const waits = [
      { task: 'A', lock: 'vma_lock', heldBy: ['B'] },
      { task: 'B', lock: 'memory_lock', heldBy: ['A'] },
    ];
    const steps = [step('A', 'down_read(memory_lock)', []), step('B', 'mutex_lock(vma_lock)', [], { blocked: waits })];
    const lines = drawn({ program: 'p', schedule: 's', steps, ending: { kind: 'deadlock', message: 'a circle' } });
    expect(lines.at(-1)).toBe('X     deadlock: a circle');
    expect(lines.some((line) => line.includes('A pauses, B goes on'))).toBe(true);
  });

  it('shows where a livelock begins, and blames no step', () => {
    const steps = [step('A', 'one()', []), step('A', 'two()', [])];
    const lines = drawn({ program: 'p', schedule: 's', steps, ending: { kind: 'livelock', repeatsFrom: 1 } });
    expect(lines[3]).toContain('from here on, round and round');
    expect(lines.slice(-2)).toEqual(['@     livelock', '      Step 2 repeats for ever.']);
    expect(lines.some((line) => line.startsWith('X'))).toBe(false);
  });

  it('blames no step for a wrong end', () => {
    const lines = drawn({ ...bugTrace, ending: { kind: 'check', message: 'listed twice: v' } });
    expect(lines.filter((line) => line.startsWith('X'))).toEqual(['X     check: listed twice: v']);
  });

  describe('plain accesses of one call', () => {
    const stack = ['list_add@include/linux/list.h', 'vfio_pci_mmap_fault:36'].map(frame);
    const accesses = ['set(a)', 'set(b)', 'set(c)'].map((operation) => ({ operation, stack }));
    const own = { operation: 'get(x)', stack: [frame('get'), frame('vfio_pci_mmap_fault:37')] };
    const steps = [
      step('A', 'mutex_lock(vma_lock)', [], { plain: [...accesses, own, own, own] }),
      step('A', 'mutex_unlock(vma_lock)', []),
    ];
    const trace: Trace = { program: 'p', schedule: 'A2', steps, ending: returned };

    it('are summed up, but not those of the learner', () => {
      expect(drawn(trace).slice(3, -1)).toEqual([
        '      . list_add(...)  :36',
        ...Array.from({ length: 3 }, () => '      . get(x)  :37'),
      ]);
    });

    it('are summed up for the kernel too, where it calls a function of its own', () => {
      const deleting = ['list_del@include/linux/list.h', 'vfio_pci_zap_and_vma_lock@x.c'].map(frame);
      const kernels = ['set(a)', 'set(b)', 'set(c)'].map((operation) => ({ operation, stack: deleting }));
      const itself = { operation: 'get(x)', stack: deleting.slice(1) };
      const zap = step('Z', 'mutex_lock(vma_lock)', ['mutex_lock', 'vfio_pci_zap_and_vma_lock'], {
        plain: [itself, itself, itself, ...kernels],
      });
      expect(drawn({ ...trace, steps: [zap] }).slice(-2)).toEqual(['      . get(x)', '      . list_del(...)']);
    });

    it.each([
      ['at the fatal step', { ...trace, steps: steps.slice(0, 1), ending: { kind: 'bug' } }],
      ['after a use of what was freed', { ...trace, ending: { kind: 'use after free' } }],
    ] as [string, Trace][])('are shown one by one %s', (_, of) => {
      expect(drawn(of)).toContain('      . set(b)  :36');
    });

    it('leave out of the sum what races', () => {
      const lines = drawn({ ...trace, ending: { kind: 'data race', message: 'c: A writes, B reads' } });
      expect(lines).toContain('      . set(c)  :36');
    });
  });

  it('does not repeat the message of the ending in the step', () => {
    const event = { operation: 'BUG_ON("it is there")', stack: [] };
    const steps = [step('A', 'pte_none(v[0])', [], { plain: [event] })];
    const lines = drawn({ program: 'p', schedule: 'A', steps, ending: { kind: 'bug', message: 'it is there' } });
    expect(lines.slice(2)).toEqual(['X  1  pte_none(v[0])', '      . BUG_ON', '', 'X     bug: it is there']);
  });

  it('leaves out the file of a function where there is no room', () => {
    const steps = ['A', 'B'].map((task) => step(task, 'x()', ['mmap_read_lock@include/linux/mmap_lock.h']));
    expect(drawn({ program: 'p', schedule: 'A-B', steps, ending: returned })[2]).toBe('      mmap_read_lock');
  });

  it('draws a task without a scheduling point', () => {
    const steps = [step('A', '', [], { plain: [{ operation: 'get(x)', result: '1', stack: [] }] })];
    const lines = drawn({ program: 'p', schedule: 'A', steps, ending: returned });
    expect(lines.slice(2)).toEqual(['   1  (no scheduling point)', '      . get(x) -> 1']);
  });

  it('draws a trace without steps', () => {
    expect(drawn({ program: 'p', schedule: '', steps: [], ending: returned })).toEqual([]);
    expect(drawn({ program: 'p', schedule: '', steps: [], ending: { kind: 'exception' } })).toEqual([
      '',
      'X     exception',
    ]);
  });
});

describe('the beginning of an interleaving', () => {
  it('has the columns of all of it, and no end', () => {
    const [whole, part] = [drawColumns(plainLook, bugTrace), drawColumns(plainLook, bugTrace, 'new', 2)];
    expect(whole.slice(0, part.length)).toEqual(part);
    expect(part.join('\n')).not.toContain('pte_none(*pte)');
    expect(part[0]).toContain('CPU B');
  });
});
