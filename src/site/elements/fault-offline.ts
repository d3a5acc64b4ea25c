import { base } from '../base.ts';
import type { Told } from '../offline/service-worker.ts';

const texts = {
  insecure:
    'The course works only while its server is reached: browsers keep pages for offline use at https addresses, and on this machine alone.',
  impossible: 'The course works only while its server is reached: this browser keeps no pages for offline use here.',
  loading: 'The course is being kept for offline use …',
  kept: 'The course is kept in this browser: it works without a connection.',
  failed: 'The course could not be kept for offline use. The next page tries again.',
};

/** Milliseconds without a key or a click: to fetch and store a whole site takes a small machine two seconds, which a run would wait for. */
const pause = 3_000;

/** <fault-offline>: keeps the site for offline use, says whether that worked, and offers each new version. */
class FaultOffline extends HTMLElement {
  readonly #state = this.querySelector<HTMLElement>('.offline-state');
  readonly #offer = this.querySelector<HTMLElement>('.new-version');
  /** The reader has agreed to reload in this tab. */
  #agreed = false;

  connectedCallback(): void {
    // While one works on the pages, the newest is wanted, not what was kept.
    if (import.meta.env.DEV) return;
    if (!isSecureContext) this.#say('insecure');
    else if (!('serviceWorker' in navigator)) this.#say('impossible');
    // First the page, then the rest of the site.
    else if (document.readyState === 'complete') this.#begin();
    else addEventListener('load', () => this.#begin(), { once: true });
  }

  /** A first visit waits for a pause. */
  #begin(): void {
    if (navigator.serviceWorker.controller) return void this.#keep();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const wait = () => {
      if (this.dataset.state) return; // it has begun
      clearTimeout(timer);
      timer = setTimeout(() => {
        this.#say('loading');
        void this.#keep();
      }, pause);
    };
    addEventListener('keydown', wait);
    addEventListener('click', wait);
    wait();
  }

  async #keep(): Promise<void> {
    const { serviceWorker } = navigator;
    const isFirst = serviceWorker.controller === null;
    serviceWorker.addEventListener('controllerchange', () => {
      if (this.#agreed) location.reload();
      else if (!isFirst) this.#offerReload(() => location.reload());
    });
    try {
      const registration = await serviceWorker.register(`${base}service-worker.js`, {
        scope: base,
        updateViaCache: 'none',
      });
      this.#watch(registration);
      tell(serviceWorker.controller, 'opened');
    } catch {
      this.#say(isFirst ? 'failed' : 'kept');
    }
  }

  #watch(registration: ServiceWorkerRegistration): void {
    this.#say(registration.active ? 'kept' : 'loading');
    if (registration.installing) this.#follow(registration, registration.installing);
    registration.addEventListener('updatefound', () => {
      if (registration.installing) this.#follow(registration, registration.installing);
    });
    if (registration.waiting) this.#found(registration.waiting);
    // A page may stay open for days.
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) registration.update().catch(() => undefined);
    });
  }

  #follow(registration: ServiceWorkerRegistration, worker: ServiceWorker): void {
    worker.addEventListener('statechange', () => {
      if (worker.state === 'installed' && registration.active) this.#found(worker);
      if (worker.state === 'activated') this.#say('kept');
      // What was kept before stays.
      if (worker.state === 'redundant' && !registration.active) this.#say('failed');
    });
  }

  #found(waiting: ServiceWorker): void {
    this.#offerReload(() => {
      this.#agreed = true;
      tell(waiting, 'activate');
    });
  }

  #offerReload(reload: () => void): void {
    const text = document.createElement('p');
    text.textContent = 'There is a new version of the course.';
    this.#offer?.replaceChildren(
      text,
      buttonOf('Reload', reload),
      buttonOf('Later', () => this.#offer?.replaceChildren()),
    );
  }

  #say(state: keyof typeof texts): void {
    this.dataset.state = state;
    if (this.#state) this.#state.textContent = texts[state];
  }
}

const tell = (worker: ServiceWorker | null, what: Told): void => worker?.postMessage(what);

function buttonOf(text: string, press: () => void): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = text;
  button.addEventListener('click', press);
  return button;
}

customElements.define('fault-offline', FaultOffline);
