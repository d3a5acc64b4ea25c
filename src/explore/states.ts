/**
 * All states found so far, and a hash table over them. A state's number is the order it was found in.
 *
 * The words of states stand in blocks of so many states each, so that nothing is ever copied to grow; within a block, all
 * states have the same room, which is that of the longest state there was when the block was begun.
 */

import { type Memory, NOTHING } from './memory.ts';

const EMPTY = -1;
const BLOCK_BITS = 12;
const IN_BLOCK = (1 << BLOCK_BITS) - 1;

interface Block {
  words: Int32Array;
  /** Words of each state. */
  room: number;
}

export class StateTable {
  count = 0;
  readonly #blocks: Block[] = [];
  readonly #hashes: Int32Array[] = [];
  #table = new Int32Array(1 << 9).fill(EMPTY);
  /** The table has a power of two places: these bits of a hash are one. */
  #mask = (1 << 9) - 1;

  /** The number of the state that memory is in, a new one if it was not known. */
  add(memory: Memory): number {
    const { hash } = memory;
    const table = this.#table;
    let place = hash & this.#mask;
    for (let state = table[place] as number; state !== EMPTY; state = table[place] as number) {
      if (this.#hashOf(state) === hash && this.#equals(state, memory)) return state;
      place = (place + 1) & this.#mask;
    }
    const state = this.#append(memory);
    table[place] = state;
    if (this.count * 2 > table.length) this.#rehash();
    return state;
  }

  /** Brings memory to the state. */
  load(memory: Memory, state: number): void {
    const { words, room } = this.#blocks[state >> BLOCK_BITS] as Block;
    memory.load(words, (state & IN_BLOCK) * room, room, this.#hashOf(state));
  }

  #hashOf(state: number): number {
    return (this.#hashes[state >> BLOCK_BITS] as Int32Array)[state & IN_BLOCK] as number;
  }

  #equals(state: number, { words, length }: Memory): boolean {
    const block = this.#blocks[state >> BLOCK_BITS] as Block;
    const known = block.words;
    const start = (state & IN_BLOCK) * block.room;
    for (let i = 0; i < block.room; i++) if (known[start + i] !== words[i]) return false;
    for (let i = block.room; i < length; i++) if (words[i] !== NOTHING) return false;
    return true;
  }

  #append(memory: Memory): number {
    const state = this.count++;
    const at = state & IN_BLOCK;
    if (at === 0) {
      this.#blocks.push({ words: new Int32Array(memory.length << BLOCK_BITS), room: memory.length });
      this.#hashes.push(new Int32Array(1 << BLOCK_BITS));
    }
    const block = this.#blocks[state >> BLOCK_BITS] as Block;
    if (block.room < memory.length && memory.end() > block.room) widen(block, memory.length);
    const { words, room } = block;
    const start = at * room;
    for (let i = 0; i < room; i++) words[start + i] = memory.words[i] as number;
    (this.#hashes[state >> BLOCK_BITS] as Int32Array)[at] = memory.hash;
    return state;
  }

  #rehash(): void {
    this.#table = new Int32Array(this.#table.length * 2).fill(EMPTY);
    this.#mask = this.#table.length - 1;
    for (let state = 0; state < this.count; state++) {
      let place = this.#hashOf(state) & this.#mask;
      while (this.#table[place] !== EMPTY) place = (place + 1) & this.#mask;
      this.#table[place] = state;
    }
  }
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
