/**
 * Doubly linked rings, as in include/linux/list.h, v5.14: plain accesses, so whoever shares a list brings a lock.
 * A head is a node without an owner, and an empty list is a head that points to itself.
 */

import { type Cell, type DeclareField, get, getAs, set } from '#explore';
import type { Kernel } from '../../kernel.ts';
import { BUG_ON } from '../asm-generic/bug.ts';

export interface list_head<Owner = unknown> {
  readonly name: string;
  /** null: not on a list. */
  readonly next: Cell<list_head<Owner> | null>;
  readonly prev: Cell<list_head<Owner> | null>;
  /** The object that the node is part of, as container_of() finds it; null for a list's head. */
  readonly owner: Owner | null;
}

type Unfinished<Owner> = { -readonly [Key in keyof list_head<Owner>]?: list_head<Owner>[Key] };

/** Declares an empty list. Only while a world is set up. Models LIST_HEAD(). */
export function declareList<Owner>(declare: DeclareField, name: string): list_head<Owner> {
  const head: Unfinished<Owner> = { name, owner: null };
  head.next = declare<list_head<Owner> | null>(head as list_head<Owner>, `${name}.next`);
  head.prev = declare<list_head<Owner> | null>(head as list_head<Owner>, `${name}.prev`);
  return head as list_head<Owner>;
}

/** Declares the node `field` of an object that will be allocated. */
export function declareNode<Owner>(declare: DeclareField, field: string, owner: Owner): list_head<Owner> {
  const link = (which: string) => declare<list_head<Owner> | null>(null, `${field}.${which}`);
  return { name: field, next: link('next'), prev: link('prev'), owner };
}

/**
 * Puts the entry first: right behind `head`, or behind any other entry.
 * Locks: whatever protects the list. BUGs if the entry is on a list already (Linux does with CONFIG_DEBUG_LIST, where it can tell).
 */
export function* list_add<Owner>(entry: list_head<Owner>, head: list_head<Owner>): Kernel {
  yield* insertBetween(entry, head, yield* linkOf(head.next));
}

/** Puts the entry last: right before `head`. Locks and BUGs: as `list_add`. */
export function* list_add_tail<Owner>(entry: list_head<Owner>, head: list_head<Owner>): Kernel {
  yield* insertBetween(entry, yield* linkOf(head.prev), head);
}

function* insertBetween<Owner>(entry: list_head<Owner>, prev: list_head<Owner>, next: list_head<Owner>): Kernel {
  const isListed = yield* getAs(entry.next, (link) => link !== null, 'is listed');
  yield* BUG_ON(isListed, 'list_add corruption: the entry is on a list already');
  yield* set(next.prev, entry);
  yield* set(entry.next, next);
  yield* set(entry.prev, prev);
  yield* set(prev.next, entry);
}

/**
 * Takes the entry off its list.
 * Locks: whatever protects the list. BUGs if the entry is on no list (Linux: with CONFIG_DEBUG_LIST, by the poison found in it).
 */
export function* list_del<Owner>(entry: list_head<Owner>): Kernel {
  const next = yield* linkOf(entry.next);
  const prev = yield* linkOf(entry.prev);
  yield* set(next.prev, prev);
  yield* set(prev.next, next);
  yield* set(entry.next, null);
  yield* set(entry.prev, null);
}

/** Whether the list has no entry. Locks: whatever protects the list. */
export function* list_empty<Owner>(head: list_head<Owner>): Kernel<boolean> {
  return yield* getAs(head.next, (next) => next === head, 'list_empty');
}

/**
 * The objects on the list, first to last. All links are read before it returns, so the caller may unlink what it goes through.
 * Locks: whatever protects the list, until the last object has been dealt with. Models list_for_each_entry_safe().
 */
export function* entriesOf<Owner>(head: list_head<Owner>): Kernel<Owner[]> {
  const owners: Owner[] = [];
  for (let node = yield* linkOf(head.next); node !== head; node = yield* linkOf(node.next))
    owners.push(node.owner as Owner);
  return owners;
}

/**
 * The object behind a node (a list's head, or an entry's own), null behind the last: one step of a walk that lets go of the lock.
 * Locks: whatever protects the list. BUGs if the node has been taken off its list meanwhile.
 */
export function* next<Owner>(node: list_head<Owner>): Kernel<Owner | null> {
  return (yield* linkOf(node.next)).owner;
}

function* linkOf<Owner>(link: Cell<list_head<Owner> | null>): Kernel<list_head<Owner>> {
  const node = yield* get(link);
  yield* BUG_ON(node === null, 'list corruption: followed a link of an entry that is on no list');
  return node as list_head<Owner>;
}
