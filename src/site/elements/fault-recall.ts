/** <fault-recall>: beside the result, what the reader predicted further up, and what the engine found. */
class FaultRecall extends HTMLElement {
  connectedCallback(): void {
    document.addEventListener('fault-predicted', () => this.#show());
    this.#show();
  }

  #show(): void {
    const list = this.querySelector('ul');
    const above = [...document.querySelectorAll('fault-prediction[data-locked]')].filter(
      (prediction) => prediction.compareDocumentPosition(this) & Node.DOCUMENT_POSITION_FOLLOWING,
    );
    list?.replaceChildren(...above.map(recalled));
    this.hidden = above.length === 0;
  }
}

function recalled(prediction: Element): HTMLElement {
  const item = document.createElement('li');
  const isRight = prediction.querySelector('[data-right] input')?.matches(':checked');
  const question = document.createElement('a');
  question.href = `#${prediction.id}`;
  question.append(...copyOf(prediction, '.question'));
  item.append(question, ' You predicted: ', strong(copyOf(prediction, '.option:has(:checked) label span')), '. ');
  if (isRight) item.append('So it is.');
  else item.append('The engine shows: ', strong(copyOf(prediction, '[data-right] label span')), '.');
  return item;
}

function strong(content: readonly Node[]): HTMLElement {
  const element = document.createElement('strong');
  element.append(...content);
  return element;
}

const copyOf = (root: Element, selector: string): Node[] => [
  ...(root.querySelector(selector)?.cloneNode(true).childNodes ?? []),
];

customElements.define('fault-recall', FaultRecall);
