import { emptyRoom, formatRoom, parseRoom, type Room } from '#course/gauge/room';
import { roomKey } from '../keys.ts';

/** The room as this browser keeps it, with the way back. Where nothing can be kept, it lasts as long as the page. */
export class RoomStore {
  #room: Room = load();
  readonly #before: Room[] = [];

  get room(): Room {
    return this.#room;
  }

  /** Whether there is a change to take back. */
  get canUndo(): boolean {
    return this.#before.length > 0;
  }

  change(room: Room): void {
    this.#before.push(this.#room);
    this.#keep(room);
  }

  /** Takes the last change of this page back. */
  undo(): void {
    const before = this.#before.pop();
    if (before) this.#keep(before);
  }

  /** Another window has changed it: on the projector stands what is typed on the laptop. */
  onElsewhere(changed: () => void): void {
    addEventListener('storage', ({ key }) => {
      if (key !== roomKey) return;
      this.#room = load();
      // What was before that is not the way back any more.
      this.#before.length = 0;
      changed();
    });
  }

  #keep(room: Room): void {
    this.#room = room;
    try {
      localStorage.setItem(roomKey, formatRoom(room));
    } catch {
      // Kept as long as the page.
    }
  }
}

/** A text that cannot be read is put aside, not lost. */
function load(): Room {
  let text: string | null = null;
  try {
    text = localStorage.getItem(roomKey);
    return text === null ? emptyRoom : parseRoom(text);
  } catch {
    if (text !== null) localStorage.setItem(`${roomKey}/unreadable`, text);
    return emptyRoom;
  }
}
