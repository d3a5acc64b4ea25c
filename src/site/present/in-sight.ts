/** What a step has changed, and what has been unfolded, comes into sight by itself: a remote does not scroll. */

export function keepInSight(slides: EventTarget): void {
  // The stepper scrolls too, once it has told of its step.
  slides.addEventListener('fault-step', ({ target }) => queueMicrotask(() => bringInSight(target as Element)));
  slides.addEventListener(
    'toggle',
    ({ target }) => target instanceof HTMLDetailsElement && target.open && nearest(target),
    {
      capture: true,
    },
  );
}

function bringInSight(stepper: Element): void {
  const changed = [...stepper.querySelectorAll('.now .changed')];
  stepper.querySelector('.now')?.scrollTo(0, 0);
  // Where not all of them have room, the first ones.
  for (const each of [changed.at(-1), changed[0], stepper.querySelector('tr[aria-current]')]) if (each) nearest(each);
}

const nearest = (element: Element): void => element.scrollIntoView({ block: 'nearest', behavior: 'instant' });
