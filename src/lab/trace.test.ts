import { describe, expect, it } from 'vitest';
import { cutToIterations, parseTrace, type RawEvent } from './trace.ts';

const threads = new Map([
  ['127', 'T0'],
  ['128', 'T1'],
]);
const FROM_FILE = [
  '# tracer: nop\r',
  '              T1-128     [001] .....           39: mutex_lock_out: (vfio_pci_mmap_fault+0x30/0x180 [vfio_pci_core] <- mutex_lock)\r',
  '              T0-127     [000] d....           20: page_fault_user: address=0x7fcc60f92000 ip=0x401b17 error_code=0x4\r',
  '              T0-127     [000] .....           18: tracing_mark_write: iter=1\r',
  '            init-1       [000] .....           19: mutex_lock_in: (mutex_lock+0x0/0x30) lock=0xffff8880057a5d08\r',
].join('\n');

describe('parseTrace', () => {
  it('reads the trace file, and puts the CPUs in one order', () => {
    const { events, lost } = parseTrace(FROM_FILE, threads);
    expect(lost).toBe(0);
    expect(events.map(({ at, thread, name }) => [at, thread, name])).toEqual([
      [18, 'T0', 'mark'],
      [20, 'T0', 'page_fault_user'],
      [39, 'T1', 'mutex_lock_out'],
    ]);
    expect(events[0]?.values).toEqual({ text: 'iter=1' });
  });

  it('reads the dump of a dying kernel, which has forgotten names', () => {
    const dump = [
      '[    4.681180]    <...>-127       0d....   18: page_fault_user: address=0x7fe874cf5000 ip=0x401b17 error_code=0x4\r',
      '[    4.682858]    <...>-127       0...1.   22: fault_in: (vfio_pci_mmap_fault+0x0/0x180 [vfio_pci_core]) vma=0xff address=0x7fe8\r',
      '[    4.698868]       T1-128       1.....   74: fault_out: (__do_fault+0x30/0x110 <- vfio_pci_mmap_fault) ret=0x100\r',
    ].join('\n');
    expect(parseTrace(dump, threads).events.map(({ thread, name }) => `${thread} ${name}`)).toEqual([
      'T0 page_fault_user',
      'T0 fault_in',
      'T1 fault_out',
    ]);
  });

  it('counts what the kernel lost', () => {
    expect(parseTrace('CPU:1 [LOST 17 EVENTS]\n', threads).lost).toBe(17);
    expect(parseTrace('# entries-in-buffer/entries-written: 465/465   #P:2\n', threads).lost).toBe(0);
    expect(parseTrace('# entries-in-buffer/entries-written: 400/465   #P:2\n', threads).lost).toBe(65);
  });
});

const raw = (thread: string, name: string, values: RawEvent['values'] = {}): RawEvent => ({
  at: 0,
  thread,
  name,
  values,
});
const mark = (text: string) => raw('T0', 'mark', { text });

describe('cutToIterations', () => {
  it('leaves out what is before the first iteration and after the end', () => {
    const cut = cutToIterations([
      raw('T0', 'close_in'),
      mark('iter=1'),
      raw('T1', 'fault_in'),
      mark('end'),
      raw('T0', 'close_in'),
    ]);
    expect(cut.events.map(([thread, name]) => `${thread} ${name}`)).toEqual(['T0 mark', 'T1 fault_in']);
    expect(cut.dropped).toBe(3);
  });

  it('says which lock was got: the one that the thread last asked for', () => {
    const { events } = cutToIterations([
      mark('iter=1'),
      raw('T0', 'mutex_lock_in', { lock: '0xa' }),
      raw('T1', 'mutex_lock_in', { lock: '0xb' }),
      raw('T0', 'mutex_lock_out'),
      raw('T1', 'mutex_lock_out'),
    ]);
    expect(events.slice(3)).toEqual([
      ['T0', 'mutex_lock_out', { lock: '0xa' }],
      ['T1', 'mutex_lock_out', { lock: '0xb' }],
    ]);
  });

  it('keeps the exceptions in the mapping alone', () => {
    const at = (address: string) => raw('T0', 'page_fault_user', { address, ip: '0x1' });
    const { events } = cutToIterations([
      mark('map=0x7000 pages=2'),
      mark('iter=1'),
      at('0x6fff'),
      at('0x8fff'),
      at('0x9000'),
    ]);
    expect(events.slice(1)).toEqual([['T0', 'page_fault_user', { address: '0x8fff' }]]);
  });
});
