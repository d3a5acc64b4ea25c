/** All states found so far: an arena of words and a hash table over it. A state's number is the order it was found in. */

const EMPTY = -1;

export class StateTable {
  count = 0;
  #words = new Int32Array(1 << 12);
  /** Where each state's words begin; one more than there are states. */
  #starts = new Int32Array(1 << 8);
  #table = new Int32Array(1 << 9).fill(EMPTY);

  /** The number of the state that the first `length` words are, a new one if it was not known. */
  add(words: Int32Array, length: number): number {
    let place = hash(words, 0, length) & (this.#table.length - 1);
    for (; this.#table[place] !== EMPTY; place = (place + 1) & (this.#table.length - 1)) {
      const state = this.#table[place] as number;
      if (this.#equals(state, words, length)) return state;
    }
    const state = this.#append(words, length);
    this.#table[place] = state;
    if (this.count * 2 > this.#table.length) this.#rehash();
    return state;
  }

  /** Copies the state's words to the front of `words`. Returns how many they are. */
  copyTo(words: Int32Array, state: number): number {
    const start = this.#starts[state] as number;
    const length = (this.#starts[state + 1] as number) - start;
    for (let i = 0; i < length; i++) words[i] = this.#words[start + i] as number;
    return length;
  }

  #equals(state: number, words: Int32Array, length: number): boolean {
    const start = this.#starts[state] as number;
    if ((this.#starts[state + 1] as number) - start !== length) return false;
    for (let i = 0; i < length; i++) if (this.#words[start + i] !== words[i]) return false;
    return true;
  }

  #append(words: Int32Array, length: number): number {
    const start = this.#starts[this.count] as number;
    this.#words = roomFor(this.#words, start + length);
    this.#starts = roomFor(this.#starts, this.count + 2);
    for (let i = 0; i < length; i++) this.#words[start + i] = words[i] as number;
    this.#starts[this.count + 1] = start + length;
    return this.count++;
  }

  #rehash(): void {
    this.#table = new Int32Array(this.#table.length * 2).fill(EMPTY);
    for (let state = 0; state < this.count; state++) {
      const [start, end] = [this.#starts[state] as number, this.#starts[state + 1] as number];
      let place = hash(this.#words, start, end) & (this.#table.length - 1);
      while (this.#table[place] !== EMPTY) place = (place + 1) & (this.#table.length - 1);
      this.#table[place] = state;
    }
  }
}

/** The array itself, or a larger copy, so that it holds `length`. */
export function roomFor(array: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  if (length <= array.length) return array;
  const larger = new Int32Array(Math.max(length, array.length * 2));
  larger.set(array);
  return larger;
}

/** FNV-1a over words, with a last mix so that the low bits depend on all. */
function hash(words: Int32Array, start: number, end: number): number {
  let value = 0x811c9dc5;
  for (let i = start; i < end; i++) value = Math.imul(value ^ (words[i] as number), 0x01000193);
  value ^= value >>> 15;
  value = Math.imul(value, 0x85ebca6b);
  return value ^ (value >>> 13);
}
