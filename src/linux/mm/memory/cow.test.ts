import { describe, expect, test } from 'vitest';
import { explore, read, replay, type Snapshot, spawn } from '#explore';
import { asTask } from '../../arch/x86/include/asm/current.ts';
import {
  pfn_pte,
  pte_pfn,
  type pte_t,
  pte_write,
  pte_wrprotect,
  ptep_get_and_clear,
  set_pte_at,
  withContentOf,
} from '../../arch/x86/include/asm/pgtable.ts';
import { flush_tlb_page } from '../../arch/x86/mm/tlb.ts';
import { userAccess } from '../../cpu.ts';
import { fault, write } from '../../deeds/index.ts';
import type { WorldDescription } from '../../description.ts';
import { generations } from '../../drivers/vfio/pci/generations/index.ts';
import { type page, VM_FAULT_OOM, VM_FAULT_WRITE, type vm_area_struct } from '../../include/linux/mm_types.ts';
import type { task_struct } from '../../include/linux/sched.ts';
import { spin_lock, spin_unlock } from '../../kernel/locking/spinlock.ts';
import type { Kernel } from '../../kernel.ts';
import type { Machine, MappedPage } from '../../machine.ts';
import { judgeBy, type RuleName } from '../../rules.ts';
import { ends, run } from '../../testing.ts';
import { simulate } from '../../world.ts';
import { alloc_page } from '../page_alloc.ts';
import { get_page, put_page } from '../swap.ts';
import { writtenTo } from './anonymous.ts';
import { copy_present_pte } from './copyPresent.ts';
import { handle_mm_fault } from './handleFault.ts';
import { vm_normal_page } from './normalPage.ts';
import { pte_lockptr } from './tables.ts';

/** `a` of the parent, and `b`, which is its copy in the child. F is the parent's first thread, and forks. */
const family: WorldDescription = {
  vmas: { a: { anonymous: 1, process: 'p' }, b: { anonymous: 1, process: 'q' } },
  tasks: { F: write('a', 0) },
};

type Copy = (machine: Machine) => Kernel;
const [parentOf, childOf] = ['a', 'b'].map(
  (name) => (machine: Machine) => machine.pages.find(({ vma }) => vma?.name === name) as MappedPage,
) as [(machine: Machine) => MappedPage, (machine: Machine) => MappedPage];

/** The entry, copied under both locks, and the parent's TLBs flushed. */
function* properly(machine: Machine): Kernel {
  const [parent, child] = [parentOf(machine), childOf(machine)];
  yield* spin_lock(pte_lockptr(child.pmd));
  yield* spin_lock(pte_lockptr(parent.pmd));
  yield* copy_present_pte(parent.vma as vm_area_struct, child.pte, parent.pte);
  yield* spin_unlock(pte_lockptr(parent.pmd));
  yield* spin_unlock(pte_lockptr(child.pmd));
  yield* flush_tlb_page(parent.vma as vm_area_struct, parent.address);
}

/** A write, or a read, by that task; a variant of the kernel may handle its fault before it comes to that. */
const access =
  (at: typeof parentOf, isWrite: boolean, before?: (at: MappedPage) => Kernel) => (machine: Machine, cpu: number) =>
    asTask(Object.values(machine.tasks)[cpu] as task_struct, function* () {
      const { mm, address } = at(machine);
      if (before) yield* before(at(machine));
      return yield* userAccess({ mm, address, isWrite, cpu, pdevs: [], unanswered: 'all ones', stopped: null });
    });

/**
 * F writes to a page, forks, and then these run at once. How it ends: what the parent and the child map, and `+` where it is writable;
 * or the first rule that does not hold.
 */
function forked(
  tasks: Record<string, { deed: ReturnType<typeof write>; body: ReturnType<typeof access> }>,
  copy: Copy = properly,
  changes: Partial<WorldDescription> = {},
): string[] {
  const deeds = Object.entries(tasks).map(([name, { deed }]) => [name, deed]);
  const world = { ...family, ...changes, tasks: { ...family.tasks, ...Object.fromEntries(deeds) } };
  const rules: RuleName[] = ['freed page', 'writable twice', 'lost write', 'page count', 'stale TLB'];
  const judges = (['always', 'at rest'] as const).map((when) => judgeBy(rules, when, world));
  const code = function* (machine: Machine): Kernel {
    const { vma, pte, mm, address } = parentOf(machine);
    yield* set_pte_at(pte, writtenTo((yield* alloc_page()) as page, vma as vm_area_struct));
    yield* userAccess({ mm, address, isWrite: true, cpu: 0, pdevs: [], unanswered: 'all ones', stopped: null });
    yield* copy(machine);
    for (const [i, [name, { body }]] of Object.entries(tasks).entries()) yield* spawn(name, body(machine, i + 1));
  };
  const end = (machine: Machine, now: Snapshot) => {
    const broken = judges.map((judge) => judge(machine, now)).find((each) => each);
    const told = [parentOf, childOf].map((at) => {
      const entry = now.get(at(machine).pte);
      return `${machine.ram?.pages[pte_pfn(entry)]?.name.replace('page ', '')}${pte_write(entry) ? '+' : ''}`;
    });
    return broken ?? told.join(' ');
  };
  return ends({ F: code }, end, world).sort();
}

const parentWrites = { deed: write('a', 0), body: access(parentOf, true) };
const childWrites = { deed: write('b', 0), body: access(childOf, true) };
const childReads = { deed: fault('b', 0) as never, body: access(childOf, false) };

describe('section 5, copy-on-write after fork', () => {
  test('both sides read-only', () => expect(forked({})).toEqual(['F.1 F.1']));
  test('a read needs no copy', () => expect(forked({ B: childReads })).toEqual(['F.1 F.1']));
  test('a write gets a copy, and the other side keeps the page', () => {
    expect(forked({ B: childWrites })).toEqual(['F.1 B.1+']);
    expect(forked({ A: parentWrites, B: childReads })).toEqual(['A.1+ F.1']);
  });
  test('sole owner may reuse the page: two CPUs at once, and whoever comes second need not copy', () => {
    expect(forked({ A: parentWrites, B: childWrites })).toEqual([
      'A.1+ B.1+', // both have copied, and the old page is freed
      'A.1+ F.1+',
      'F.1+ B.1+',
    ]);
  });
  test('write fault compares the PTE snapshot under ptl: two threads at one page, and no write is lost', () => {
    expect(forked({ B: childWrites, C: childWrites })).toEqual(['F.1 B.1+', 'F.1 C.1+']);
  });
});

describe('what goes wrong in copy-on-write', () => {
  /** A copy that is put in place whatever stands there by now. */
  function* copyBlindly({ vma, pte, pmd }: MappedPage): Kernel {
    const seen: pte_t = yield* read(pte, 'READ_ONCE');
    if (pte_write(seen)) return;
    const old = vm_normal_page(vma as vm_area_struct, seen) as page;
    yield* get_page(old);
    const copy = (yield* alloc_page()) as page;
    yield* spin_lock(pte_lockptr(pmd));
    yield* set_pte_at(pte, withContentOf(writtenTo(copy, vma as vm_area_struct), seen));
    yield* spin_unlock(pte_lockptr(pmd));
    yield* put_page(old);
  }
  const childCopiesBlindly = { deed: write('b', 0), body: access(childOf, true, copyBlindly) };

  test('no comparison under ptl: a write is lost', () => {
    const found = forked({ B: childCopiesBlindly, C: childCopiesBlindly });
    expect(found).toContain('lost write: B has written to b[0] of q, and page C.1 does not have it');
  });
  test('the parent keeps the right to write: its writes show in the child', () => {
    const copy: Copy = function* (machine) {
      const entry = yield* read(parentOf(machine).pte, 'READ_ONCE');
      yield* get_page(vm_normal_page(parentOf(machine).vma as vm_area_struct, entry) as page);
      yield* set_pte_at(childOf(machine).pte, entry);
    };
    expect(forked({}, copy)).toEqual(['writable twice: a[0] of p may write to page F.1, and b[0] of q maps it too']);
  });
  test('the page is not counted for the child: freed while it is still mapped', () => {
    const copy: Copy = function* (machine) {
      yield* properly(machine);
      yield* put_page(
        vm_normal_page(parentOf(machine).vma as vm_area_struct, yield* read(parentOf(machine).pte)) as page,
      );
    };
    expect(forked({}, copy)).toEqual(['page count: page F.1 is counted 1 times, and 2 times is right']);
    expect(forked({ B: childWrites }, copy)).toEqual([
      'writable twice: b[0] of q may write to page F.1, and a[0] of p maps it too',
    ]);
  });
  test('a page that is let go once too often is freed while it is mapped', () => {
    const copy: Copy = function* (machine) {
      const page = vm_normal_page(parentOf(machine).vma as vm_area_struct, yield* read(parentOf(machine).pte)) as page;
      yield* properly(machine);
      yield* put_page(page);
      yield* put_page(page);
    };
    expect(forked({}, copy)).toEqual(['freed page: a[0] of p maps page F.1, which is free']);
    expect(forked({ B: childWrites }, copy)).toEqual(['bug: VM_BUG_ON_PAGE', expect.stringMatching(/^freed page/)]);
  });
  test('a page that is freed before the TLBs are flushed', () => {
    const zap = (flush: boolean): Copy =>
      function* (machine) {
        const { vma, pte, address } = parentOf(machine);
        const page = vm_normal_page(vma as vm_area_struct, yield* ptep_get_and_clear(pte)) as page;
        if (flush) yield* flush_tlb_page(vma as vm_area_struct, address);
        yield* put_page(page);
      };
    const tlb = { tlb: 'modelled' } as const;
    expect(forked({}, zap(false), tlb)).toEqual(["freed page: F's TLB has a[0] at page F.1, which is free"]);
    expect(forked({}, zap(true), tlb)).toEqual(['undefined undefined']);
  });
  test('no flush at fork: a CPU of the parent may write to what is the child’s too', () => {
    const tlb = { tlb: 'modelled' } as const;
    const copy: Copy = function* (machine) {
      const [parent, child] = [parentOf(machine), childOf(machine)];
      yield* copy_present_pte(parent.vma as vm_area_struct, child.pte, parent.pte);
    };
    expect(forked({}, copy, tlb)).toEqual([expect.stringMatching(/^stale TLB: F's TLB has an entry of page 0 of a/)]);
    expect(forked({}, properly, tlb)).toEqual(['F.1 F.1']);
  });
});

describe('2.3 handle_pte_fault', () => {
  const one: Omit<WorldDescription, 'tasks'> = { vmas: { a: { anonymous: 1, process: 'p' } } };
  const operations = (tasks: WorldDescription['tasks'], schedule = '') =>
    replay(simulate({ ...one, tasks }, generations.v5_14), schedule).steps.filter(({ task }) => task === 'A');
  const told = (...given: Parameters<typeof operations>) =>
    operations(...given).map(({ operation, result }) => operation.replace(/\(.*/, '') + (result ? `: ${result}` : ''));

  test('lock-free read of the PTE, before any lock', () => {
    const [, , look] = operations({ A: write('a', 0) });
    expect([look?.operation, look?.locks]).toEqual(['READ_ONCE(a[0])', ['mmap_lock']]);
  });
  test('PTE empty -> do_anonymous_page, not do_fault', () => {
    const names = (steps: ReturnType<typeof operations>) =>
      new Set(steps.flatMap(({ stack }) => stack.map((each) => each.function)));
    expect(names(operations({ A: write('a', 0) }))).toContain('do_anonymous_page');
    expect(names(operations({ A: write('a', 0) }))).not.toContain('do_fault');
  });
  test('otherwise take ptl, re-compare with the snapshot: changed -> return 0', () => {
    // A sees the zero page's entry that it means to write to; B replaces it before A has ptl.
    const steps = told({ A: [fault('a', 0), write('a', 0)], B: write('a', 0) }, 'A12-B13-A');
    expect(steps.slice(10)).toEqual([
      'down_read',
      'READ_ONCE: 0x80225',
      'spin_lock',
      'pte_same: false',
      'spin_unlock',
      'up_read',
      expect.stringMatching(/^walk/),
    ]);
  });
  test('handle write bits: a right that is missing goes to do_wp_page, with ptl held', () => {
    const steps = operations({ A: [fault('a', 0), write('a', 0)] });
    const inside = steps.find(({ stack }) => stack.some((each) => each.function === 'do_wp_page'));
    expect(inside?.operation).toBe('spin_unlock(ptl of a)');
  });
});

describe('do_wp_page', () => {
  const fileOf = (shared: boolean): WorldDescription => ({
    files: { f: 1 },
    vmas: { m: { file: 'f', process: 'p', shared } },
    tasks: { A: [fault('m', 0), write('m', 0)] },
  });
  const mapped = ({ pages, ram }: Machine, now: Snapshot) => {
    const entry = now.get((pages[0] as MappedPage).pte);
    return `${ram?.pages[pte_pfn(entry)]?.name}${pte_write(entry) ? '+' : ''}`;
  };
  const end = (world: WorldDescription) => {
    const found = explore({ ...simulate(world, generations.v5_14), outcome: mapped }, { stopAt: 'never' });
    return [found.verdict, ...Object.keys(found.outcomes)];
  };

  test('a private mapping of a file: a copy, and the file is as before', () => {
    expect(end(fileOf(false))).toEqual(['holds', 'page A.1+']);
  });
  test('a shared mapping: the file’s page, once page_mkwrite allows it', () => {
    expect(end(fileOf(true))).toEqual(['holds', 'page f[0]+']);
    const { steps } = replay(simulate(fileOf(true), generations.v5_14), '');
    const names = new Set(steps.flatMap(({ stack }) => stack.map((each) => each.function)));
    expect(names).toContain('filemap_page_mkwrite');
    expect(names).toContain('finish_mkwrite_fault');
  });
  test('a copy in place of the old page: all CPUs forget the old one', () => {
    const world = {
      vmas: { a: { anonymous: 1, process: 'p' } },
      tlb: 'modelled',
      tasks: { A: [fault('a', 0), fault('a', 0)], B: write('a', 0) },
    } as const;
    expect(end(world)[0]).toBe('holds');
  });
  test('two CPUs write to a shared page that both have read', () => {
    const tasks = { A: [fault('m', 0), write('m', 0)], B: write('m', 0) };
    expect(end({ ...fileOf(true), tasks })).toEqual(['holds', 'page f[0]+']);
  });
  test('a shared vma of bare frames: the entry becomes writable', () => {
    const code = function* ({ pages }: Machine): Kernel<boolean> {
      const { vma: fixed, address, pte } = pages[0] as MappedPage;
      const { vm_mm, vm_page_prot, vm_pgoff, ...rest } = fixed as vm_area_struct;
      const vma = { ...rest, vm_pgoff, vm_page_prot, vm_mm: { ...vm_mm, isReshaped: true } }; // such as mprotect() does
      yield* set_pte_at(pte, pte_wrprotect(pfn_pte(vm_pgoff, vm_page_prot)));
      yield* handle_mm_fault(vma, address, 1);
      return pte_write(yield* read(pte));
    };
    expect(run(code)).toBe(true);
  });
  test('2.2 WRITE: until v6.1 a write that got through says so, for GUP', () => {
    const world = { vmas: { a: { anonymous: 1, process: 'p' } }, tasks: { A: write('a', 0) } } as const;
    const twice = function* (machine: Machine): Kernel<number> {
      const { vma, address } = machine.pages[0] as MappedPage;
      yield* handle_mm_fault(vma as vm_area_struct, address, 0);
      return yield* handle_mm_fault(vma as vm_area_struct, address, 1);
    };
    const answers = ['5.14', '6.1', '6.2', '6.12'].map((kernel) => run(twice, { ...world, kernel }));
    expect(answers).toEqual([VM_FAULT_WRITE, VM_FAULT_WRITE, 0, 0]);
  });
  test('no memory for the copy: OOM, and nothing has changed', () => {
    const tasks = { A: write('a', 0) };
    const code = function* (machine: Machine): Kernel<number> {
      const { vma, address } = machine.pages[0] as MappedPage;
      yield* handle_mm_fault(vma as vm_area_struct, address, 0);
      return yield* handle_mm_fault(vma as vm_area_struct, address, 1);
    };
    const world = { vmas: { a: { anonymous: 1, process: 'p' } }, tasks } as const;
    expect(run(code, { ...world, fail: { A: { allocations: [1] } } })).toBe(VM_FAULT_OOM);
  });
});
