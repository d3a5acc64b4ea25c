/** One window of a presentation: its slides, its keys and buttons, in step with the other window. */

// Its slides have steppers all the same; without it, what both use would be one more file for every lesson's page.
import '../stepper/stepper.ts';
import { letterKeysAreOn, turnLetterKeys } from '../stepper/letter-keys.ts';
import { Deck } from './deck.ts';
import { openFolds, unfold } from './folds.ts';
import { keepInSight } from './in-sight.ts';
import { beginning, InStep, type Shown } from './in-step.ts';
import { type Ask, askedBy, isLetter, moveAskedBy } from './keys.ts';
import { changeSize } from './size.ts';
import { tellText } from './tell-text.ts';

const movesOf: Readonly<Partial<Record<Ask, Parameters<Deck['move']>>>> = {
  next: [1],
  back: [-1],
  forwardButton: [1, { byRemote: true }],
  backButton: [-1, { byRemote: true }],
  nextSlide: [1, { skips: true }],
  previousSlide: [-1, { skips: true }],
};

export class Presentation {
  readonly deck: Deck;
  readonly #inStep: InStep;
  readonly #changed: (shown: Shown, deck: Deck) => void;
  #shown: Shown = beginning;

  /** `changed`: this window shows something else than before, whoever has brought it there. */
  constructor(changed: (shown: Shown, deck: Deck) => void = () => {}) {
    this.#changed = changed;
    this.deck = new Deck(document, () => this.#moved());
    this.#goToFragment();
    this.#inStep = new InStep(
      document.body.dataset.lesson ?? '',
      () => this.#shown,
      (shown) => this.#follow(shown),
    );
    document.addEventListener('keydown', (event) => this.#moveBy(event), { capture: true });
    document.addEventListener('keydown', (event) => this.#key(event));
    document.addEventListener('click', (event) => this.#click(event));
    document.addEventListener('change', ({ target }) => {
      if (target instanceof HTMLInputElement && 'letters' in target.dataset) turnLetterKeys(target.checked);
    });
    keysPanel()?.addEventListener('beforetoggle', showWhetherLettersWork);
    document.addEventListener('toggle', ({ target }) => this.#folded(target as Element), { capture: true });
    keepInSight(document);
    addEventListener('hashchange', () => this.#goToFragment() && this.#moved());
    this.#show();
  }

  get shown(): Shown {
    return this.#shown;
  }

  /** Changes what both windows show. */
  set(change: Partial<Shown>): void {
    this.#shown = { ...this.#shown, ...change };
    this.#show();
    this.#inStep.tell(this.#shown);
  }

  ask(ask: Ask): void {
    const move = movesOf[ask];
    // Whoever goes on wants to see it: the first press only brings the picture back.
    if (move && this.#shown.isBlank) this.set({ isBlank: false });
    else if (move) this.#move(...move);
    else if (ask === 'first') this.goTo(0);
    else if (ask === 'last') this.goTo(this.deck.slides.length - 1);
    else if (ask === 'blank') this.set({ isBlank: !this.#shown.isBlank });
    else this.#askWindow(ask);
  }

  goTo(slide: number): void {
    this.deck.show(slide);
    this.#moved();
  }

  #move(...how: Parameters<Deck['move']>): void {
    if (this.deck.move(...how)) this.#moved();
  }

  /** What concerns this window alone. */
  #askWindow(ask: Ask): void {
    if (ask === 'screen') toggleFullScreen();
    else if (ask === 'notes') openNotes();
    else if (ask === 'theme') turnTheme();
    else if (ask === 'keys') keysPanel()?.togglePopover();
    else if (ask === 'leave') location.assign(document.body.dataset.leave ?? '');
    else changeSize(ask === 'larger' ? 1 : -1);
  }

  #moved(): void {
    this.set(this.#here());
  }

  #here(): Pick<Shown, 'slide' | 'inside' | 'folds'> {
    const { at, inside, slide } = this.deck;
    return { slide: at, inside: inside?.at ?? '', folds: openFolds(slide) };
  }

  /** Not where this window has only followed the other one. */
  #folded(fold: Element): void {
    const { slide } = this.deck;
    if (slide?.contains(fold) && openFolds(slide) !== this.#shown.folds) this.#moved();
  }

  #follow(shown: Shown): void {
    this.#shown = shown;
    if (shown.slide !== this.deck.at) this.deck.show(shown.slide);
    const { inside, slide } = this.deck;
    unfold(slide, shown.folds);
    // What comes with a game can be unfolded only once it is there.
    void inside?.follow(shown.inside)?.then(() => this.#shown === shown && unfold(slide, shown.folds));
    this.#show();
  }

  #show(): void {
    const { slide, isBlank } = this.#shown;
    // A fragment that comes while the page loads is where the Tab key would begin.
    if (slide > 0 || location.hash !== '') history.replaceState(null, '', `#step-${slide + 1}`);
    tellText('count', `${slide + 1} / ${this.deck.slides.length}`);
    tellText('blank', isBlank ? 'The screen is blank.' : '');
    document.body.toggleAttribute('data-blank', isBlank);
    this.#changed(this.#shown, this.deck);
  }

  /** Returns whether it names a slide. */
  #goToFragment(): boolean {
    const named = /^#step-(\d+)$/.exec(location.hash)?.[1];
    if (named === undefined) {
      if (this.#shown === beginning) this.deck.show(0);
      return false;
    }
    this.deck.show(Number(named) - 1);
    this.#shown = { ...this.#shown, ...this.#here() };
    return true;
  }

  /** Before whatever has the focus: a stepper's own arrow keys would end at its end. */
  #moveBy(event: KeyboardEvent): void {
    const ask = moveAskedBy(event);
    if (!ask || isMeantFor(event)) return;
    event.preventDefault();
    event.stopPropagation();
    this.ask(ask);
  }

  #key(event: KeyboardEvent): void {
    if (event.defaultPrevented || isOpen() || isWrittenIn(event)) return;
    const isForSlide = isLetter(event) && letterKeysAreOn() && this.deck.inside?.press(event.key, event.shiftKey);
    const ask = isForSlide ? undefined : askedBy(event, letterKeysAreOn());
    if (!isForSlide && !ask) return;
    event.preventDefault();
    if (ask) this.ask(ask);
  }

  #click({ target }: MouseEvent): void {
    const ask = (target as Element).closest<HTMLElement>('[data-ask]')?.dataset.ask;
    if (ask) this.ask(ask as Ask);
  }
}

const isWrittenIn = ({ target }: Event): boolean =>
  target instanceof Element && target.closest('input:not([type=radio], [type=checkbox]), select, textarea') !== null;

/** A field or a button that does something of its own with that key. */
function isMeantFor(event: KeyboardEvent): boolean {
  const { key, target } = event;
  if (!(target instanceof Element) || key.startsWith('Page')) return false;
  return (
    target.closest('input, select, textarea') !== null || (key === ' ' && target.closest('button, summary, a') !== null)
  );
}

/** Something lies over the slide, and Escape closes it. */
const isOpen = (): boolean => document.querySelector(':popover-open') !== null;

function toggleFullScreen(): void {
  if (document.fullscreenElement) void document.exitFullscreen();
  // Where there is none, or it is refused, the window is the screen.
  else document.documentElement.requestFullscreen?.().catch(() => {});
}

/** Light for a bright room, dark for a dark one: in this window, as long as it is open. */
function turnTheme(): void {
  const { dataset } = document.documentElement;
  const isDark = (dataset.theme ?? (matchMedia('(prefers-color-scheme: dark)').matches && 'dark')) === 'dark';
  dataset.theme = isDark ? 'light' : 'dark';
}

function openNotes(): void {
  const { notes } = document.body.dataset;
  // One for all lessons: it is opened anew where it is.
  if (notes) open(notes, 'faultline-notes', 'popup,width=1100,height=760');
}

const keysPanel = (): HTMLElement | null => document.querySelector('#keys');

/** Written when it is opened: a stepper, or another page, may have turned the letters off. */
function showWhetherLettersWork(): void {
  const letters = keysPanel()?.querySelector<HTMLInputElement>('[data-letters]');
  if (letters) letters.checked = letterKeysAreOn();
}
