import { describe, expect, test } from 'vitest';
import { explore, get, read, replay, type Snapshot } from '#explore';
import { fault, munmap, truncate, write } from '../deeds/index.ts';
import type { WorldDescription } from '../description.ts';
import { generations } from '../drivers/vfio/pci/generations/index.ts';
import type { address_space, file } from '../include/linux/fs.ts';
import { FAULT_FLAG_ALLOW_RETRY, type vm_fault } from '../include/linux/mm.ts';
import {
  type page,
  type Ram,
  VM_FAULT_LOCKED,
  VM_FAULT_NOPAGE,
  VM_FAULT_RETRY,
  VM_FAULT_SIGBUS,
  type vm_area_struct,
} from '../include/linux/mm_types.ts';
import { mmap_read_lock, mmap_read_unlock } from '../include/linux/mmap_lock.ts';
import { lock_page, unlock_page } from '../include/linux/pagemap.ts';
import type { Kernel } from '../kernel.ts';
import type { Machine } from '../machine.ts';
import { judgeBy, type RuleName } from '../rules.ts';
import { ends, kindsOf, run } from '../testing.ts';
import { simulate } from '../world.ts';
import { filemap_fault, filemap_page_mkwrite, find_get_page } from './filemap.ts';
import { handle_mm_fault } from './memory/handleFault.ts';
import { put_page } from './swap.ts';
import { truncate_setsize } from './truncate.ts';

const fileOf = (shared: boolean, pages = 1): Omit<WorldDescription, 'tasks'> => ({
  files: { f: pages },
  vmas: { m: { file: 'f', process: 'p', shared } },
});
const exploring = (tasks: WorldDescription['tasks'], world = fileOf(true)) =>
  explore(simulate({ ...world, tasks }, generations.v5_14), { stopAt: 'never' });
const found = (...given: Parameters<typeof exploring>) => {
  const { verdict, outcomes, violations, ...rest } = exploring(...given);
  return [verdict, ...Object.keys(outcomes), ...kindsOf({ verdict, outcomes, violations, ...rest })];
};

describe('section 5, file pages', () => {
  test.each([
    ['two writers, shared', write, write, true],
    ['a reader and a writer, shared', fault, write, true],
    ['two writers, private', write, write, false],
    ['a reader and a writer, private', fault, write, false],
  ] as const)('two CPUs at once, losing is not an error: %s', (_name, one, other, shared) => {
    expect(found({ A: one('m', 0), B: other('m', 0) }, fileOf(shared))).toEqual(['holds', 'A mapped, B mapped']);
  });
  test('two processes share a page: each write is there', () => {
    const world = {
      files: { f: 1 },
      vmas: { m: { file: 'f', process: 'p', shared: true }, n: { file: 'f', process: 'q', shared: true } },
    } as const;
    expect(found({ A: write('m', 0), B: write('n', 0) }, world)).toEqual(['holds', 'A mapped, B mapped']);
  });
  test.each([
    ['shared', true],
    ['private', false],
  ])('truncate may win: SIGBUS; or lose: the entry is taken back (%s)', (_name, shared) => {
    expect(found({ A: write('m', 0), T: truncate('f', 0) }, fileOf(shared))).toEqual([
      'holds',
      'A SIGBUS, T truncated',
      'A mapped, T truncated',
    ]);
  });
  test('what is left of the file stays mapped', () => {
    const world = fileOf(true, 2);
    const program = simulate(
      { ...world, tasks: { A: [fault('m', 0), fault('m', 1)], T: truncate('f', 1) } },
      generations.v5_14,
    );
    const mapped = ({ pages }: Machine, now: Snapshot) => pages.map(({ pte }) => (now.get(pte) ? '+' : '-')).join('');
    const { outcomes, verdict } = explore({ ...program, outcome: mapped }, { stopAt: 'never' });
    expect([verdict, ...Object.keys(outcomes)]).toEqual(['holds', '+-']);
  });
  test('a mapping that is gone is not looked for', () => {
    expect(found({ A: [fault('m', 0), munmap('m')], T: truncate('f', 0) })).toEqual([
      'holds',
      'A SIGBUS, T truncated',
      'A unmapped, T truncated',
    ]);
  });
  test('truncate is vfio’s "disable": gate, zap, then each page under its lock', () => {
    const { steps } = replay(
      simulate({ ...fileOf(true), tasks: { A: fault('m', 0), T: truncate('f', 0) } }, generations.v5_14),
      'A-T',
    );
    const told = steps
      .filter(({ task }) => task === 'T')
      .flatMap(({ operation, plain }) => [operation, ...plain.map((each) => each.operation)])
      .map((each) => each.replace(/\(.*/, ''));
    const order = ['i_size_write', 'down_read', 'lock_page', 'delete_from_page_cache', 'unlock_page'];
    expect(told.filter((each, at) => order.includes(each) && told.indexOf(each) === at)).toEqual(order);
    expect(told.filter((each) => each === 'down_read').length).toBe(2); // it zaps again behind that
  });
});

describe('filemap_fault', () => {
  const world = { ...fileOf(true), tasks: { A: fault('m', 0), B: fault('m', 0), T: truncate('f', 0) } } as const;
  const mapping = ({ ram }: Machine) => (ram as Ram).files.f?.f_mapping as address_space;
  const pageOf = (machine: Machine) => mapping(machine).i_pages[0]?.initial as page;
  const vmfOf = (machine: Machine, flags = 0): vm_fault => {
    const { vma, address, pud, pmd, pte } = machine.pages[0] as Machine['pages'][number];
    return { vma: vma as vm_area_struct, address, pgoff: 0, flags, pud, pmd, pte };
  };

  test('brings the page, locked and counted', () => {
    const code = function* (machine: Machine): Kernel<boolean> {
      const vmf = vmfOf(machine);
      const ret = yield* filemap_fault(vmf);
      yield* unlock_page(vmf.page as page);
      yield* put_page(vmf.page as page);
      return ret === VM_FAULT_LOCKED && vmf.page === pageOf(machine);
    };
    expect(run(code, world)).toBe(true);
  });
  test('behind the end of the file: SIGBUS', () => {
    const code = function* (machine: Machine): Kernel<number> {
      yield* truncate_setsize(mapping(machine), 0);
      return yield* filemap_fault(vmfOf(machine));
    };
    expect(run(code, world)).toBe(VM_FAULT_SIGBUS);
  });
  test('may drop mmap_lock and return RETRY while waiting', () => {
    const holding = function* (machine: Machine): Kernel {
      yield* lock_page(pageOf(machine));
      yield* unlock_page(pageOf(machine));
    };
    const faulting = (flags: number) =>
      function* (machine: Machine): Kernel<string> {
        const vmf = vmfOf(machine, flags);
        yield* mmap_read_lock(vmf.vma.vm_mm);
        const ret = yield* filemap_fault(vmf);
        if (ret & VM_FAULT_RETRY) return 'RETRY'; // and mmap_lock is given back
        yield* unlock_page(vmf.page as page);
        yield* put_page(vmf.page as page);
        yield* mmap_read_unlock(vmf.vma.vm_mm);
        return 'a page';
      };
    const end = (_machine: Machine, now: Snapshot) => String(now.returned('A'));
    expect(ends({ A: faulting(FAULT_FLAG_ALLOW_RETRY), B: holding }, end, world).sort()).toEqual(['RETRY', 'a page']);
    expect(ends({ A: faulting(0), B: holding }, end, world)).toEqual(['a page']);
  });

  /** A fault without one of the looks after locking, beside a truncate. */
  const careless = (looks: { mapping: boolean; size: boolean }) =>
    function* (vmf: vm_fault) {
      const { f_mapping } = vmf.vma.vm_file as file;
      if ((yield* sizeOf(f_mapping)) <= vmf.pgoff) return VM_FAULT_SIGBUS;
      const page = yield* find_get_page(f_mapping, vmf.pgoff);
      if (!page?.ofFile) return VM_FAULT_SIGBUS;
      yield* lock_page(page);
      const isGone = looks.mapping && (yield* mappingOfPage(page)) !== f_mapping;
      const isOver = looks.size && (yield* sizeOf(f_mapping)) <= vmf.pgoff;
      if (!isGone && !isOver) {
        vmf.page = page;
        return VM_FAULT_LOCKED;
      }
      yield* unlock_page(page);
      yield* put_page(page);
      return VM_FAULT_SIGBUS;
    };
  const besideTruncate = (fault: ReturnType<typeof careless>): string[] => {
    const rules: RuleName[] = ['freed page', 'page count', 'behind the end'];
    const judges = (['always', 'at rest'] as const).map((when) => judgeBy(rules, when, world));
    const reading = function* (machine: Machine): Kernel {
      const vma = machine.vmas.m as vm_area_struct;
      yield* handle_mm_fault({ ...vma, vm_ops: { fault } }, vma.vm_start, 0);
    };
    return ends(
      { A: reading, T: (machine) => truncate_setsize(mapping(machine), 0) },
      (machine, now) => judges.map((judge) => judge(machine, now)).find((each) => each) ?? 'right',
      world,
    );
  };

  test('the looks after locking: each alone would do here, and without both a truncated page is mapped', () => {
    expect(besideTruncate(careless({ mapping: true, size: true }))).toEqual(['right']);
    expect(besideTruncate(careless({ mapping: false, size: true }))).toEqual(['right']);
    expect(besideTruncate(careless({ mapping: true, size: false }))).toEqual(['right']);
    expect(besideTruncate(careless({ mapping: false, size: false })).sort()).toEqual([
      'behind the end: m[0] of p maps page f[0], and the file ends before it',
      'right',
    ]);
  });

  test('page_mkwrite of a page that was taken out of its file: NOPAGE, unlocked', () => {
    const code = function* (machine: Machine): Kernel<number> {
      const vmf = vmfOf(machine);
      vmf.page = pageOf(machine);
      yield* truncate_setsize(mapping(machine), 0);
      return yield* filemap_page_mkwrite(vmf);
    };
    expect(run(code, world)).toBe(VM_FAULT_NOPAGE);
  });
});

const sizeOf = function* ({ host }: file['f_mapping']): Kernel<number> {
  return yield* read(host.i_size, 'i_size_read');
};
const mappingOfPage = function* ({ ofFile }: page) {
  return ofFile && (yield* get(ofFile.mapping));
};
