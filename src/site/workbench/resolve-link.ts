import { address } from '../links.ts';

/** Where a link in a hint or a verdict leads: our own pages, also by their file (`../lessons/05-one-fault.mdx#the-rule`), or https. */
export function resolveLink(href: string): string | undefined {
  const file = /(?:^|\/)(lessons|glossary|misconceptions)\/(?:\d+-)?([a-z0-9-]+)\.mdx?(#[\w-]+)?$/.exec(href);
  const sibling = /^\d+-([a-z0-9-]+)\.mdx(#[\w-]+)?$/.exec(href);
  if (sibling) return address(`/lessons/${sibling[1]}/${sibling[2] ?? ''}`);
  if (file?.[1] === 'lessons') return address(`/lessons/${file[2]}/${file[3] ?? ''}`);
  if (file) return address(`/${file[1]}/#${file[2]}`);
  if (/^\/[a-z]/.test(href)) return address(href);
  return href.startsWith('https://') ? href : undefined;
}
