/** Addresses of our own pages, below whatever folder the site is served from. */

import { ownRaceId } from '#grade/own-race-id';
import { base } from './base.ts';

/** Ways in which prose may name a page of ours: as a file beside its own, or as an address of one entry. */
const forms: readonly (readonly [RegExp, string])[] = [
  [/^(?:\.\.?\/)?(?:lessons\/)?\d+-([a-z0-9-]+)\.mdx(#.*)?$/, '/lessons/$1/$2'],
  [/^(?:\.\.?\/)+(glossary|misconceptions)\/([a-z0-9-]+)\.md$/, '/$1/#$2'],
  [/^\/(glossary|misconceptions)\/([a-z0-9-]+)\/?$/, '/$1/#$2'],
];

/** Where a link in prose leads. Addresses of other sites, and anchors of the same page, stay as they are. */
export function address(href: string): string {
  const form = forms.find(([pattern]) => pattern.test(href));
  const path = form ? href.replace(...form) : href;
  return path.startsWith('/') ? base + path.slice(1) : path;
}

/** The same for every link of rendered Markdown. */
export const withAddresses = (html: string): string =>
  html.replace(/(<a href=")([^"]*)/g, (_, start: string, href: string) => start + address(href));

export const lessonAddress = (id: string): string => address(`/lessons/${id}/`);
/** The same lesson for a room to see; what its instructor sees is one folder down. */
export const presentationAddress = (id: string): string => address(`/present/${id}/`);
export const presenterNotesAddress = (id: string): string => address(`/present/${id}/notes/`);
/** Where the workbench of that exercise is. */
export const benchAddress = (exercise: string): string =>
  exercise === ownRaceId ? address(`/${ownRaceId}/`) : lessonAddress(exercise);
export const termAddress = (id: string): string => address(`/glossary/#${id}`);

/** What grades the exercise without a page. */
export const terminalCommand = (exercise: string): string =>
  exercise === ownRaceId ? 'npm run explore -- FILE' : `npm run grade -- ${exercise}`;
