/**
 * All states found so far, and hash tables over them. A state's number is the order it was found in.
 *
 * The words of states stand in blocks of so many states each, so that little is copied to grow: only the first block begins small, as
 * most graphs are. Within a block all states have the same room, which is that of the longest state there was.
 *
 * States are looked up among those of their level: that is how long the histories of their tasks are, taken together, or any
 * number that only differs where states do. Since a search looks mostly at states of a few levels at a time, its tables fit into
 * a cache. Each holds a few bits of a state's hash apart from its number, in a byte: from there alone a state which is new, as
 * most are, is known to be so.
 */

import { type Memory, NOTHING } from './memory.ts';

/** The tag of a place where no state is. */
const EMPTY = 0;
const BLOCK_BITS = 12;
const IN_BLOCK = (1 << BLOCK_BITS) - 1;
/** States that the first block begins with. */
const FIRST_STATES = 1 << 6;
const FIRST_PLACES = 1 << 4;
/** How much larger a table becomes: putting all in again costs more than empty places do. */
const GROWTH = 4;

class Block {
  words: Int32Array;
  /** Words of each state. */
  room: number;
  /** How many states it can hold before it grows. */
  size: number;
  hashes: Int32Array;
  levels: Int32Array;

  constructor(room: number, size: number) {
    this.words = new Int32Array(room * size);
    this.room = room;
    this.size = size;
    this.hashes = new Int32Array(size);
    this.levels = new Int32Array(size);
  }

  /** Gives each of the `count` states that are in it more room: a task has allocated what no state before had. */
  widen(room: number, count: number): void {
    const words = new Int32Array(room * this.size);
    for (let at = 0; at < count; at++) words.set(this.words.subarray(at * this.room, (at + 1) * this.room), at * room);
    this.words = words;
    this.room = room;
  }

  grow(): void {
    this.size *= GROWTH;
    this.words = copied(this.words, this.room * this.size);
    this.hashes = copied(this.hashes, this.size);
    this.levels = copied(this.levels, this.size);
  }
}

function copied(from: Int32Array, length: number): Int32Array {
  const to = new Int32Array(length);
  to.set(from);
  return to;
}

/** The states of one level. */
class Level {
  count = 0;
  /** By place: the tag of the state there, and the state. */
  tags = new Uint8Array(FIRST_PLACES);
  states = new Int32Array(FIRST_PLACES);
  /** There is a power of two places: these bits of a hash are one. */
  mask = FIRST_PLACES - 1;

  /** At a place that is empty. */
  put(place: number, hash: number, state: number): void {
    this.tags[place] = tagOf(hash);
    this.states[place] = state;
  }

  grow(blocks: readonly Block[]): void {
    const { tags, states } = this;
    this.mask = GROWTH * states.length - 1;
    this.tags = new Uint8Array(this.mask + 1);
    this.states = new Int32Array(this.mask + 1);
    for (let before = 0; before < states.length; before++) {
      if (tags[before] === EMPTY) continue;
      const state = states[before] as number;
      const hash = hashOf(blocks, state);
      let place = hash & this.mask;
      while (this.tags[place] !== EMPTY) place = (place + 1) & this.mask;
      this.put(place, hash, state);
    }
  }
}

export class StateTable {
  count = 0;
  readonly #blocks: Block[] = [];
  readonly #levels: Level[] = [];

  /** The number of the state that memory is in, a new one if it was not known. States that are the same have the same level. */
  add(memory: Memory, level = 0): number {
    const { hash } = memory;
    const known = this.#levels[level] ?? this.#addLevels(level);
    const { tags, mask } = known;
    const tag = tagOf(hash);
    let place = hash & mask;
    for (let there = tags[place] as number; there !== EMPTY; there = tags[place] as number) {
      if (there === tag) {
        const state = known.states[place] as number;
        if (this.#equals(state, memory)) return state;
      }
      place = (place + 1) & mask;
    }
    const state = this.#append(memory, level);
    known.put(place, hash, state);
    known.count++;
    if (known.count * 2 > mask) known.grow(this.#blocks);
    return state;
  }

  levelOf(state: number): number {
    return this.#blockOf(state).levels[state & IN_BLOCK] as number;
  }

  /** All states, those of lower levels first. */
  byLevel(): Int32Array {
    const next = new Int32Array(this.#levels.length);
    for (let level = 1; level < next.length; level++)
      next[level] = (next[level - 1] as number) + (this.#levels[level - 1] as Level).count;
    const order = new Int32Array(this.count);
    for (let state = 0; state < this.count; state++) {
      const level = this.levelOf(state);
      order[next[level] as number] = state;
      next[level] = (next[level] as number) + 1;
    }
    return order;
  }

  /** Brings memory to the state. */
  load(memory: Memory, state: number): void {
    const { words, room, hashes } = this.#blockOf(state);
    const at = state & IN_BLOCK;
    memory.load(words, at * room, room, hashes[at] as number);
  }

  #blockOf(state: number): Block {
    return this.#blocks[state >> BLOCK_BITS] as Block;
  }

  #addLevels(last: number): Level {
    while (this.#levels.length <= last) this.#levels.push(new Level());
    return this.#levels[last] as Level;
  }

  #equals(state: number, { words, length }: Memory): boolean {
    const block = this.#blockOf(state);
    const known = block.words;
    const { room } = block;
    const start = (state & IN_BLOCK) * room;
    for (let i = 0; i < room; i++) if (known[start + i] !== words[i]) return false;
    for (let i = room; i < length; i++) if (words[i] !== NOTHING) return false;
    return true;
  }

  #append(memory: Memory, level: number): number {
    const state = this.count++;
    const at = state & IN_BLOCK;
    const wanted = memory.length;
    if (at === 0) this.#blocks.push(new Block(wanted, state === 0 ? FIRST_STATES : 1 << BLOCK_BITS));
    const block = this.#blockOf(state);
    if (at === block.size) block.grow();
    if (block.room < wanted && memory.end() > block.room) block.widen(wanted, at);
    const { words, room } = block;
    const start = at * room;
    for (let i = 0; i < room; i++) words[start + i] = memory.words[i] as number;
    block.hashes[at] = memory.hash;
    block.levels[at] = level;
    return state;
  }
}

function hashOf(blocks: readonly Block[], state: number): number {
  return (blocks[state >> BLOCK_BITS] as Block).hashes[state & IN_BLOCK] as number;
}

/** Of bits that no table is so large as to tell places by. */
function tagOf(hash: number): number {
  return (hash >>> 25) + 1;
}
