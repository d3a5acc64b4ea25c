/** <fault-miniature>: the visitor chooses which of two CPUs moves, and how far. All that can happen is in `data-moments`. */

import { type Cpu, cpus, type Extent, type Moment, type Moments, moveAfter } from './moves.ts';
import { choicesMarkup, endMarkup, entriesMarkup, isOver, rowsMarkup, spokenText } from './view.ts';

class FaultMiniature extends HTMLElement {
  readonly #moments = JSON.parse(this.dataset.moments ?? '{}') as Moments;
  #moves = '';

  constructor() {
    super();
    this.addEventListener('click', ({ target }) => {
      const { cpu, extent, do: what } = (target as Element).closest<HTMLElement>('button')?.dataset ?? {};
      if (cpu && extent) this.#move(cpu as Cpu, extent as Extent);
      else if (what === 'again') this.#show('');
    });
  }

  #part(name: string): HTMLElement {
    return this.querySelector(`[data-part=${name}]`) as HTMLElement;
  }

  #move(cpu: Cpu, extent: Extent): void {
    this.#show(moveAfter(this.#moves, cpu, extent), cpu);
  }

  #show(moves: string, mover?: Cpu): void {
    const moment = this.#moments[moves];
    if (!moment) return;
    this.#moves = moves;
    this.#part('rows').innerHTML = rowsMarkup(moment).text;
    this.#part('entries').innerHTML = entriesMarkup(moment).text;
    for (const cpu of cpus) this.#part(`cpu-${cpu}`).innerHTML = choicesMarkup(moment, cpu).text;
    this.#part('again').hidden = moves === '';
    this.#end(moment);
    this.#focus(moment, mover);
  }

  #end(moment: Moment): void {
    const over = isOver(moment);
    this.#part('told').innerHTML = over ? endMarkup(moment).text : '';
    for (const asked of ['aim', 'choices']) this.#part(asked).hidden = over;
    this.#part('lesson').hidden = !moment.crash;
    // What has the focus is read already.
    this.#part('spoken').textContent = over ? '' : spokenText(moment);
  }

  /** To what can be pressed next, on the same CPU if it can go on; at the end, to what has happened. */
  #focus(moment: Moment, mover: Cpu | undefined): void {
    const next =
      this.querySelector<HTMLElement>(`button[data-cpu="${mover}"]`) ?? this.querySelector('button[data-cpu]');
    (isOver(moment) ? this.#part('told') : next)?.focus();
  }
}

customElements.define('fault-miniature', FaultMiniature);
