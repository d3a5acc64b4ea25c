/** All states found so far: an arena of words and a hash table over it. A state's number is the order it was found in. */

const EMPTY = -1;

export class StateTable {
  count = 0;
  #words = new Int32Array(1 << 12);
  /** Where each state's words begin; one more than there are states. */
  #starts = new Int32Array(1 << 8);
  #table = new Int32Array(1 << 9).fill(EMPTY);

  /** The state's number, a new one if it was not known. */
  add(words: Int32Array): number {
    let place = hash(words) & (this.#table.length - 1);
    for (; this.#table[place] !== EMPTY; place = (place + 1) & (this.#table.length - 1)) {
      const state = this.#table[place] as number;
      if (this.#equals(state, words)) return state;
    }
    const state = this.#append(words);
    this.#table[place] = state;
    if (this.count * 2 > this.#table.length) this.#rehash();
    return state;
  }

  words(state: number): Int32Array {
    return this.#words.subarray(this.#starts[state], this.#starts[state + 1]);
  }

  #equals(state: number, words: Int32Array): boolean {
    const start = this.#starts[state] as number;
    if ((this.#starts[state + 1] as number) - start !== words.length) return false;
    for (let i = 0; i < words.length; i++) if (this.#words[start + i] !== words[i]) return false;
    return true;
  }

  #append(words: Int32Array): number {
    const start = this.#starts[this.count] as number;
    this.#words = roomFor(this.#words, start + words.length);
    this.#starts = roomFor(this.#starts, this.count + 2);
    this.#words.set(words, start);
    this.#starts[this.count + 1] = start + words.length;
    return this.count++;
  }

  #rehash(): void {
    this.#table = new Int32Array(this.#table.length * 2).fill(EMPTY);
    for (let state = 0; state < this.count; state++) {
      let place = hash(this.words(state)) & (this.#table.length - 1);
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
function hash(words: Int32Array): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < words.length; i++) value = Math.imul(value ^ (words[i] as number), 0x01000193);
  value ^= value >>> 15;
  value = Math.imul(value, 0x85ebca6b);
  return value ^ (value >>> 13);
}
