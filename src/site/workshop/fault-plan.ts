/**
 * <fault-plan>: the times of a track by the clock. When it starts stands in the address alone: a reload and a bookmark keep it, and
 * the slides are given it along.
 */

import { searchFor } from '../present/plan-address.ts';
import { startIn, timeAt } from './clock.ts';

class FaultPlan extends HTMLElement {
  readonly #start = this.querySelector('input') as HTMLInputElement;

  connectedCallback(): void {
    this.#start.addEventListener('input', () => this.#choose());
    addEventListener('hashchange', () => this.#show());
    this.#show();
  }

  #choose(): void {
    const { pathname, search } = location;
    history.replaceState(null, '', this.#start.value ? `#start=${this.#start.value}` : pathname + search);
    this.#show();
  }

  #show(): void {
    const start = startIn(location.hash);
    if (start !== undefined) this.#start.value = start;
    for (const time of document.querySelectorAll<HTMLElement>('[data-minute]'))
      time.textContent = timeAt(Number(time.dataset.minute), start);
    for (const link of this.querySelectorAll<HTMLAnchorElement>('a.slides'))
      link.search = searchFor(this.dataset.track ?? '', start);
  }
}

customElements.define('fault-plan', FaultPlan);
