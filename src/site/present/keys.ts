/** What keys ask of slides. A remote has two buttons, which send PageDown and PageUp, and one that sends a full stop or a `b`. */

export type Ask =
  | 'next'
  | 'back'
  | 'forwardButton'
  | 'backButton'
  | 'nextSlide'
  | 'previousSlide'
  | 'first'
  | 'last'
  | 'blank'
  | 'screen'
  | 'notes'
  | 'theme'
  | 'larger'
  | 'smaller'
  | 'keys'
  | 'leave';

type Press = Pick<KeyboardEvent, 'key' | 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey'>;

const moves: Readonly<Record<string, keyof typeof slideFor>> = {
  ArrowRight: 'next',
  PageDown: 'forwardButton',
  ' ': 'next',
  ArrowLeft: 'back',
  PageUp: 'backButton',
};
const slideFor = {
  next: 'nextSlide',
  forwardButton: 'nextSlide',
  back: 'previousSlide',
  backButton: 'previousSlide',
} as const;
const places: Readonly<Record<string, Ask>> = { Home: 'first', End: 'last', Escape: 'leave' };
/** These can be turned off: whoever speaks to the machine says letters without meaning keys. */
const letters: Readonly<Record<string, Ask>> = {
  b: 'blank',
  '.': 'blank',
  f: 'screen',
  n: 'notes',
  t: 'theme',
  '+': 'larger',
  '-': 'smaller',
  '?': 'keys',
};

const isHeld = ({ altKey, ctrlKey, metaKey }: Press): boolean => altKey || ctrlKey || metaKey;

/** A letter, a digit or a sign, by itself or with Shift. */
export const isLetter = (press: Press): boolean => press.key.length === 1 && !isHeld(press);

/** One on or one back, whatever has the focus; with Shift, past what a slide could still show. */
export function moveAskedBy(press: Press): Ask | undefined {
  const move = isHeld(press) ? undefined : moves[press.key];
  return move && (press.shiftKey ? slideFor[move] : move);
}

/** Everything else. */
export function askedBy(press: Press, lettersWork: boolean): Ask | undefined {
  if (isHeld(press)) return undefined;
  return places[press.key] ?? (lettersWork ? letters[press.key] : undefined);
}
