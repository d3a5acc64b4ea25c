/** What stands at the end of the lesson, for those who have passed: the same idea in the real kernel, and a harder variant. */

/** The two paragraphs, as the page has them; none where a lesson ends otherwise. */
export function endingOf(page: ParentNode): readonly Element[] {
  const paragraphs = [...page.querySelectorAll('#what-you-proved ~ p, #what-you-proved ~ .afterwards > p')];
  const at = paragraphs.findIndex(({ firstElementChild: first }) => first?.matches('strong') && isHarder(first));
  return at < 1 ? [] : paragraphs.slice(at - 1, at + 1);
}

/** Opens what the lesson has folded until then. */
export function unfold(page: ParentNode): void {
  for (const folded of page.querySelectorAll<HTMLDetailsElement>('details.afterwards')) folded.open = true;
}

const isHarder = ({ textContent }: Element): boolean => textContent.startsWith('Harder');
