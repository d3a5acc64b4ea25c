/** Nearly all that the page’s table names, in one program that holds. */

import {
  type Cell,
  cell,
  compareAndSwap,
  complete,
  completion,
  join,
  type Program,
  rwlock,
  spawn,
  spinlock,
  update,
  waitFor,
  waitForCompletion,
} from '#explore';
import {
  BUG_ON,
  declareList,
  declareNode,
  down_read,
  down_write,
  entriesOf,
  get,
  type Kernel,
  kfree,
  kzalloc,
  list_add,
  list_del,
  list_empty,
  type list_head,
  set,
  spin_lock,
  spin_unlock,
  up_read,
  up_write,
  WARN_ON,
} from '#linux';

interface Entry {
  readonly size: Cell<number>;
  readonly node: list_head<Entry>;
}
/** An object that stands on a list: its node must know it. */
const entryKind = {
  name: 'entry',
  fields(field: typeof cell): Entry {
    const entry = { size: field(0, 'size') } as Entry;
    return Object.assign(entry, { node: declareNode(field, 'node', entry) });
  },
};
const setup = () => ({
  sem: rwlock('sem', { fair: true }),
  lock: spinlock('lock'),
  list: declareList<Entry>(cell, 'list'),
  users: cell(0, 'users'),
  done: completion('done'),
});
type World = ReturnType<typeof setup>;

function* add({ sem, list, users, done }: World): Kernel {
  const entry = yield* kzalloc(entryKind);
  if (!entry) return;
  yield* down_write(sem);
  yield* set(entry.size, 4);
  yield* list_add(entry.node, list);
  yield* up_write(sem);
  yield* update(users, (n) => n + 1);
  yield* complete(done);
}

function* drop({ sem, list, users, done, lock }: World): Kernel {
  yield* spawn('W', function* () {
    yield* spin_lock(lock);
    yield* spin_unlock(lock);
  });
  yield* waitForCompletion(done);
  yield* waitFor(users, (n) => n > 0);
  yield* BUG_ON(!(yield* compareAndSwap(users, 1, 0)), 'BUG_ON(users)');
  yield* down_write(sem);
  for (const entry of yield* entriesOf(list)) {
    yield* WARN_ON((yield* get(entry.size)) !== 4, 'WARN_ON(size)');
    yield* list_del(entry.node);
    yield* kfree(entry);
  }
  yield* WARN_ON(!(yield* list_empty(list)), 'WARN_ON(list)');
  yield* up_write(sem);
  yield* down_read(sem);
  yield* up_read(sem);
  yield* join('W');
}

export const race: Program<World> = {
  name: 'everything',
  setup,
  tasks: (world) => ({ A: () => add(world), B: () => drop(world) }),
};
