/** <fault-room>: takes codes, typed, pasted or seen by a camera, and shows where the room is. Nothing leaves the browser. */

import type { Gauged } from '#course/gauge/gauged';
import { piecesIn } from '#course/gauge/pieces';
import { emptyRoom, picturesOf, type Room, tallied, unreadIn, withCode, withoutCode } from '#course/gauge/room';
import { gaugedCourse } from './gauged.ts';
import { RoomStore } from './room-store.ts';
import { picturesMarkup, problemsMarkup, tallyMarkup } from './room-view.ts';

/** More than a room of a thousand sends: what is pasted by mistake must not hold up the page. */
const mostText = 20_000;

class FaultRoom extends HTMLElement {
  readonly #store = new RoomStore();
  #course: readonly Gauged[] = [];
  #endScan: (() => void) | undefined;

  async connectedCallback(): Promise<void> {
    this.#listen();
    try {
      this.#course = await gaugedCourse();
    } catch {
      return this.#say('The list of exercises could not be loaded: reload the page.');
    }
    const { tally } = this.#store.room;
    const counted = Object.keys(tally).findLast((id) => Object.values(tally[id] ?? {}).some((count) => count > 0));
    if (counted !== undefined) this.#select.value = counted;
    this.#draw();
    this.toggleAttribute('data-ready', true);
  }

  disconnectedCallback(): void {
    this.#endScan?.();
  }

  #part<T extends HTMLElement = HTMLElement>(name: string): T {
    return this.querySelector(`[data-part=${name}]`) as T;
  }

  get #select(): HTMLSelectElement {
    return this.#part<HTMLSelectElement>('exercise');
  }

  get #codes(): HTMLTextAreaElement {
    return this.#part<HTMLTextAreaElement>('codes');
  }

  #listen(): void {
    this.#part('form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#codes.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#submit();
    });
    this.#select.addEventListener('change', () => this.#drawTally());
    this.addEventListener('click', ({ target }) => {
      const button = (target as Element).closest<HTMLButtonElement>('button[data-do]');
      if (button) this.#acts[button.dataset.do ?? '']?.(button);
    });
    // `toggle` does not bubble, but it can be captured.
    this.addEventListener('toggle', ({ target }) => this.#fill(target as HTMLDetailsElement), { capture: true });
    this.#store.onElsewhere(() => this.#draw());
  }

  readonly #acts: Readonly<Record<string, (button: HTMLButtonElement) => void>> = {
    forget: ({ dataset: { code = '' } }) => this.#change(withoutCode(this.#store.room, code), `${code} is forgotten.`),
    meant: ({ dataset: { typed = '', code = '' } }) => this.#mend(typed, code),
    tally: ({ dataset: { stage, by } }) => {
      const { value } = this.#select;
      const room = tallied(this.#store.room, value, Number(stage), Number(by));
      this.#change(room, `Stage ${stage}: ${room.tally[value]?.[Number(stage)]}.`);
    },
    undo: () => {
      this.#say(this.#store.canUndo ? 'Taken back.' : 'There is nothing to take back.');
      this.#store.undo();
      this.#draw();
    },
    clear: () => this.#change(emptyRoom, 'All codes and counts are forgotten. Undo brings them back.'),
    camera: () => void this.#turnCamera(),
  };

  /** Takes what is in the field; what is no code stays there, to be mended. */
  #submit(): void {
    const { value } = this.#codes;
    if (value.length > mostText) this.#say('That is too long for a list of codes: paste fewer at once.');
    else this.#codes.value = this.#take(value).join('\n');
    this.#codes.focus();
  }

  /** Takes all codes of a text. Returns what could not be read, which is shown below. */
  #take(text: string): string[] {
    const pieces = piecesIn(text, this.#course);
    const codes = pieces.flatMap(({ reading }) => (reading.is === 'report' ? reading.code : []));
    const unread = pieces.filter(({ reading }) => reading.is !== 'report');
    this.#part('problems').innerHTML = problemsMarkup(unread).text;
    const before = this.#store.room;
    const room = codes.reduce((grown, code) => withCode(grown, code, this.#course), before);
    const replaced = before.codes.length + codes.length - room.codes.length;
    if (codes.length > 0) this.#change(room, taken(codes, replaced, unread.length));
    else this.#say(unread.length > 0 ? notRead(unread.length) : 'Type or paste a code first.');
    return unread.map((piece) => piece.text);
  }

  /** One of the codes that may have been meant, in the place of what was typed. */
  #mend(typed: string, code: string): void {
    const { value } = this.#codes;
    if (value.includes(typed)) this.#codes.value = value.replace(typed, code);
    else this.#codes.value = `${value}\n${code}`;
    this.#submit();
  }

  #change(room: Room, said: string): void {
    this.#store.change(room);
    this.#draw();
    this.#say(said);
  }

  #say(text: string): void {
    this.#part('said').textContent = text;
  }

  #draw(): void {
    const { room, canUndo } = this.#store;
    this.#redraw(this.#part('pictures'), picturesMarkup(picturesOf(room, this.#course)).text);
    this.#drawTally();
    const unread = unreadIn(room, this.#course).length;
    this.#part('unread').textContent =
      unread > 0 ? `Kept, and not counted: ${unread} of another version of the course.` : '';
    this.#part('undo').setAttribute('aria-disabled', String(!canUndo));
    this.toggleAttribute('data-empty', room.codes.length === 0);
  }

  #drawTally(): void {
    const exercise = this.#course.find(({ id }) => id === this.#select.value);
    if (exercise) this.#redraw(this.#part('tally'), tallyMarkup(exercise, this.#store.room.tally).text);
  }

  /** What was open stays open, and the focus stays where it was. */
  #redraw(place: HTMLElement, markup: string): void {
    const keyed = () => [...place.querySelectorAll<HTMLElement>('[data-key]')];
    const open = keyed().flatMap((each) => (each.hasAttribute('open') ? each.dataset.key : []));
    const active = place.contains(document.activeElement) ? document.activeElement : null;
    const focused = active?.closest<HTMLElement>('[data-key]')?.dataset.key;
    place.innerHTML = markup;
    for (const each of keyed()) {
      if (open.includes(each.dataset.key)) each.toggleAttribute('open', true);
      if (each.dataset.key === focused) (each.querySelector('summary') ?? each).focus();
    }
    if (active && !place.contains(document.activeElement)) this.#codes.focus();
  }

  /** What to say of a belief, when it is opened. */
  #fill(details: HTMLDetailsElement): void {
    const { belief } = details.dataset;
    const place = details.querySelector('div');
    const says = this.querySelector<HTMLTemplateElement>(`template[data-says="${belief}"]`);
    if (details.open && says && place?.childElementCount === 0) place.append(says.content.cloneNode(true));
  }

  async #turnCamera(): Promise<void> {
    const [button, video] = [this.#part('camera'), this.#part<HTMLVideoElement>('video')];
    const isOn = this.#endScan !== undefined;
    this.#endScan?.();
    this.#endScan = undefined;
    if (!isOn) {
      const { scan, whyNoCamera, whyNotOpened } = await import('./camera.ts');
      const none = whyNoCamera();
      if (none !== undefined) return this.#say(none);
      try {
        this.#endScan = await scan(video, (text) => this.#take(text));
        this.#say('Hold a code to the camera.');
      } catch (error) {
        this.#say(whyNotOpened(error));
      }
    }
    video.hidden = this.#endScan === undefined;
    button.setAttribute('aria-pressed', String(!video.hidden));
  }
}

function taken(codes: readonly string[], replaced: number, unread: number): string {
  const what = codes.length === 1 ? `${codes[0]} is taken` : `${codes.length} codes are taken`;
  const earlier =
    replaced === 0 ? '' : replaced === 1 ? ', in place of an earlier one' : `, ${replaced} in place of earlier ones`;
  return `${what}${earlier}.${unread === 0 ? '' : ` ${notRead(unread)}`}`;
}

const notRead = (count: number): string =>
  count === 1 ? 'One text could not be read: see below.' : `${count} texts could not be read: see below.`;

customElements.define('fault-room', FaultRoom);
