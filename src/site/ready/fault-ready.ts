import { copyText } from '../copy.ts';
import { html, type Markup } from '../stepper/html.ts';
import { headlineOf, listOf, type Row, type State, stateWords } from './report.ts';
import { placeRow, trials, tried } from './trials.ts';

/** Each state has a shape of its own; colour only repeats it. */
const marks: Readonly<Record<State, string>> = { good: '✓', fair: '!', bad: '✗', told: 'i' };

/** <fault-ready>: tries what the course needs of a browser, one thing after the other, and says whether it will do. */
class FaultReady extends HTMLElement {
  #rows: readonly Row[] = [];

  connectedCallback(): void {
    this.#part('stuck').remove();
    this.#whenDone('again', () => this.#run());
    this.#whenDone('copy', () => this.#copy());
    void this.#run();
  }

  #part(name: string): HTMLElement {
    return this.querySelector(`[data-part=${name}]`) as HTMLElement;
  }

  /** While the trials run, its buttons stay where they are and do nothing: the focus stays too. */
  #whenDone(button: string, press: () => Promise<void>): void {
    this.#part(button).addEventListener('click', () => {
      if (this.hasAttribute('data-done')) void press();
    });
  }

  #done(isDone: boolean): void {
    this.toggleAttribute('data-done', isDone);
    for (const button of this.querySelectorAll('button')) button.setAttribute('aria-disabled', String(!isDone));
  }

  async #run(): Promise<void> {
    this.#done(false);
    delete this.dataset.state;
    this.#say('headline', 'Testing this browser …');
    this.#say('said', '');
    this.#rows = [];
    this.#draw();
    for (const trial of trials) {
      this.#rows = [...this.#rows, await tried(trial)];
      this.#draw();
    }
    this.#rows = [...this.#rows, placeRow()];
    this.#draw();
    this.#say('headline', headlineOf(this.#rows));
    this.dataset.state =
      (['bad', 'fair'] as const).find((state) => this.#rows.some((row) => row.state === state)) ?? 'good';
    this.#done(true);
  }

  #draw(): void {
    const waiting = trials.slice(this.#rows.length).map(({ name }, at) => waitingMarkup(name, at === 0));
    this.#part('rows').innerHTML = html`${this.#rows.map(rowMarkup)}${waiting}`.text;
  }

  async #copy(): Promise<void> {
    const text = listOf(this.#rows, [location.href, navigator.userAgent]);
    this.#say('said', (await copyText(text)) ? 'Copied.' : 'It cannot be copied from here: mark it and copy it.');
  }

  #say(part: string, text: string): void {
    this.#part(part).textContent = text;
  }
}

const rowMarkup = ({ name, state, says, todo }: Row): Markup =>
  html`<li class="${state}"><span class="mark" aria-hidden="true">${marks[state]}</span>
    <h2>${name}<span class="visually-hidden">: ${stateWords[state]}</span></h2> <p>${says}</p>${todo !== undefined && html`<p class="todo">${todo}</p>`}</li>`;

const waitingMarkup = (name: string, isNow: boolean): Markup =>
  html`<li><span class="mark" aria-hidden="true">·</span> <h2>${name}</h2> <p>${isNow ? 'Being tested …' : 'Not yet.'}</p></li>`;

customElements.define('fault-ready', FaultReady);
