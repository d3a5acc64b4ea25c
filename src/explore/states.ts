/**
 * All states found so far, and a hash table over them. A state's number is the order it was found in.
 *
 * The words of states stand in blocks of so many states each, so that nothing is copied to grow; within a block all states have
 * the same room, which is that of the longest state there was. The table holds a few bits of each state's hash apart from its
 * number, in a byte: so many fit into a cache that a state which is new, as most are, is known to be so from there alone.
 */

import { type Memory, NOTHING } from './memory.ts';

/** The tag of a place where no state is. */
const EMPTY = 0;
const BLOCK_BITS = 12;
const IN_BLOCK = (1 << BLOCK_BITS) - 1;

/** By state: its hash, then its words. */
interface Block {
  words: Int32Array;
  /** Words of each state, with its hash. */
  room: number;
}

export class StateTable {
  count = 0;
  readonly #blocks: Block[] = [];
  /** By place: the tag of the state there, and the state. */
  #tags = new Uint8Array(1 << 10);
  #states = new Int32Array(1 << 10);
  /** There is a power of two places: these bits of a hash are one. */
  #mask = (1 << 10) - 1;

  /** The number of the state that memory is in, a new one if it was not known. */
  add(memory: Memory): number {
    const { hash } = memory;
    const tags = this.#tags;
    const tag = tagOf(hash);
    let place = hash & this.#mask;
    for (let there = tags[place] as number; there !== EMPTY; there = tags[place] as number) {
      if (there === tag) {
        const state = this.#states[place] as number;
        if (this.#equals(state, memory)) return state;
      }
      place = (place + 1) & this.#mask;
    }
    const state = this.#append(memory);
    tags[place] = tag;
    this.#states[place] = state;
    if (this.count * 2 > this.#mask) this.#rehash();
    return state;
  }

  /** Brings memory to the state. */
  load(memory: Memory, state: number): void {
    const { words, room } = this.#blocks[state >> BLOCK_BITS] as Block;
    const start = (state & IN_BLOCK) * room;
    memory.load(words, start + 1, room - 1, words[start] as number);
  }

  #equals(state: number, { words, length, hash }: Memory): boolean {
    const block = this.#blocks[state >> BLOCK_BITS] as Block;
    const known = block.words;
    const start = (state & IN_BLOCK) * block.room + 1;
    if (known[start - 1] !== hash) return false;
    const room = block.room - 1;
    for (let i = 0; i < room; i++) if (known[start + i] !== words[i]) return false;
    for (let i = room; i < length; i++) if (words[i] !== NOTHING) return false;
    return true;
  }

  #append(memory: Memory): number {
    const state = this.count++;
    const at = state & IN_BLOCK;
    const wanted = memory.length + 1;
    if (at === 0) this.#blocks.push({ words: new Int32Array(wanted << BLOCK_BITS), room: wanted });
    const block = this.#blocks[state >> BLOCK_BITS] as Block;
    if (block.room < wanted && memory.end() >= block.room) widen(block, wanted);
    const { words, room } = block;
    const start = at * room;
    words[start] = memory.hash;
    for (let i = 1; i < room; i++) words[start + i] = memory.words[i - 1] as number;
    return state;
  }

  #rehash(): void {
    const places = 2 * (this.#mask + 1);
    this.#mask = places - 1;
    this.#tags = new Uint8Array(places);
    this.#states = new Int32Array(places);
    for (let state = 0; state < this.count; state++) {
      const { words, room } = this.#blocks[state >> BLOCK_BITS] as Block;
      const hash = words[(state & IN_BLOCK) * room] as number;
      let place = hash & this.#mask;
      while (this.#tags[place] !== EMPTY) place = (place + 1) & this.#mask;
      this.#tags[place] = tagOf(hash);
      this.#states[place] = state;
    }
  }
}

/** Of bits that no table is so large as to tell places by. */
function tagOf(hash: number): number {
  return (hash >>> 25) + 1;
}

/** Gives each state of the block more room: a task has allocated what no state before had. */
function widen(block: Block, room: number): void {
  const words = new Int32Array(room << BLOCK_BITS);
  for (let state = 0; state <= IN_BLOCK; state++) {
    words.set(block.words.subarray(state * block.room, (state + 1) * block.room), state * room);
  }
  block.words = words;
  block.room = room;
}
