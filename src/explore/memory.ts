/**
 * A machine's whole mutable state: one flat block of words. What is overwritten is logged, so that steps can be undone; and
 * the hash of the whole is kept up to date, so that a state is looked up without reading it.
 */

/** The word of what is not there yet. Trailing ones are no part of a state, so equal states have equal words. */
export const NOTHING = 0;

/** An entry of the log: a slot, the word that stood there, and the hash of the whole as it was. */
const ENTRY = 3;

export class Memory {
  words = new Int32Array(64);
  /** How many slots there are. */
  length = 0;
  hash = 0;
  #log = new Int32Array(ENTRY * 64);
  /** How many words the log has room for: the length of an array costs more to ask for than one of its words. */
  #room = ENTRY * 64;
  #logged = 0;

  /** A new slot, with nothing in it. */
  addSlot(): number {
    if (this.length === this.words.length) this.words = larger(this.words);
    return this.length++;
  }

  store(slot: number, word: number): void {
    const { words } = this;
    const before = words[slot] as number;
    if (before === word) return;
    if (this.#logged === this.#room) this.#grow();
    const log = this.#log;
    const at = this.#logged;
    log[at] = slot;
    log[at + 1] = before;
    log[at + 2] = this.hash;
    this.#logged = at + ENTRY;
    this.hash ^= changeOf(slot, before, word);
    words[slot] = word;
  }

  #grow(): void {
    this.#log = larger(this.#log);
    this.#room *= 2;
  }

  /** The moment at which it is asked, to go back to. */
  mark(): number {
    return this.#logged;
  }

  undoTo(mark: number): void {
    if (this.#logged === mark) return;
    const log = this.#log;
    for (let at = this.#logged - ENTRY; at >= mark; at -= ENTRY) {
      this.words[log[at] as number] = log[at + 1] as number;
    }
    this.hash = log[mark + 2] as number;
    this.#logged = mark;
  }

  /** Makes the hash what it is, after words were written past `store`. */
  rehash(): void {
    let hash = 0;
    for (let slot = 0; slot < this.length; slot++) hash ^= mixed(slot, this.words[slot] as number);
    this.hash = hash;
  }

  /** What has been done so far is done for good. */
  forget(): void {
    this.#logged = 0;
  }

  /** The number of words without the tail of those that are nothing. */
  end(): number {
    let end = this.length;
    while (end > 0 && this.words[end - 1] === NOTHING) end--;
    return end;
  }

  /** Makes `length` words of `from`, from `start` on, the whole state. Nothing of it can be undone. */
  load(from: Int32Array, start: number, length: number, hash: number): void {
    const { words } = this;
    for (let i = 0; i < length; i++) words[i] = from[start + i] as number;
    for (let i = length; i < this.length; i++) words[i] = NOTHING;
    this.hash = hash;
    this.#logged = 0;
  }
}

/** A hash of one word in its slot: nothing is 0 everywhere, so that slots not yet thought of change no hash. */
export function mixed(slot: number, word: number): number {
  if (word === NOTHING) return 0;
  let value = Math.imul(word ^ Math.imul(slot + 1, 0x9e3779b1), 0x85ebca6b);
  value ^= value >>> 15;
  value = Math.imul(value, 0xc2b2ae35);
  return value ^ (value >>> 13);
}

/** How the hash changes where one word takes the place of another. */
export function changeOf(slot: number, before: number, after: number): number {
  return mixed(slot, before) ^ mixed(slot, after);
}

/** A copy with twice the room. */
export function larger(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(array.length * 2);
  copy.set(array);
  return copy;
}

/** The array itself, or a larger copy, so that it holds `length`. */
export function roomFor(array: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  let room = array;
  while (length > room.length) room = larger(room);
  return room;
}
