import { themeKey } from '../keys.ts';

const systemIsDark = matchMedia('(prefers-color-scheme: dark)');

/** <theme-toggle>: light or dark, remembered only where it differs from what the system asks for. */
class ThemeToggle extends HTMLElement {
  readonly #button = this.querySelector('button');

  connectedCallback(): void {
    this.#button?.addEventListener('click', () => this.#choose(isDark() ? 'light' : 'dark'));
    systemIsDark.addEventListener('change', () => this.#show());
    this.#show();
  }

  #choose(theme: 'light' | 'dark'): void {
    const isDefault = (theme === 'dark') === systemIsDark.matches;
    if (isDefault) delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    this.#show();
    try {
      if (isDefault) localStorage.removeItem(themeKey);
      else localStorage.setItem(themeKey, theme);
    } catch {
      // Storage is forbidden here: the choice lasts as long as the page.
    }
  }

  #show(): void {
    this.#button?.setAttribute('aria-pressed', String(isDark()));
  }
}

function isDark(): boolean {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === 'dark' : systemIsDark.matches;
}

customElements.define('theme-toggle', ThemeToggle);
