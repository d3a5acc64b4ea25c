/** Whether what the prose points at is there: pages, anchors, terms, exercises. Pure. */

import GithubSlugger from 'github-slugger';
import { type Catalogue, findExercise } from './catalogue.ts';
import { nearest } from './nearest.ts';
import type { CourseFiles, Problem } from './problem.ts';

interface Prose {
  readonly file: string;
  /** Without code and comments, but line by line where it was. */
  readonly text: string;
  /** The address of the page that it becomes; undefined for texts that stand in several. */
  readonly address?: string;
}

/** A place in a prose file that points at something. */
interface Pointer {
  readonly what: 'link' | Component;
  readonly to: string;
  readonly file: string;
  readonly line: number;
  readonly address?: string;
}

type Component = 'Term' | 'Workbench' | 'Prediction' | 'Slice';

/** Address of a page → its anchors. */
type Site = ReadonlyMap<string, ReadonlySet<string>>;

/** Every link, anchor and component id in the prose that leads nowhere. */
export function linkProblems(catalogue: Catalogue, files: CourseFiles): Problem[] {
  const prose = proseOf(catalogue, files);
  const site = siteOf(catalogue, prose);
  const pointers = prose.flatMap(pointersIn);
  const broken = pointers.flatMap((pointer) => {
    const advice = pointer.what === 'link' ? linkAdvice(site, pointer) : componentAdvice(catalogue, files, pointer);
    return advice === undefined ? [] : [{ file: pointer.file, line: pointer.line, rule: ruleOf(pointer), advice }];
  });
  return [...broken, ...predictionsTwice(pointers)];
}

function ruleOf({ what }: Pointer): string {
  return what === 'link' ? 'a link leads to a page and an anchor that exist' : `<${what}> names something that exists`;
}

function proseOf(catalogue: Catalogue, files: CourseFiles): Prose[] {
  const lessons = new Map(catalogue.lessons.map(({ file, id }) => [file, `/lessons/${id}/`]));
  return Object.entries(files)
    .filter(([file]) => /\.mdx?$/.test(file))
    .map(([file, text]) => {
      const address = lessons.get(file) ?? pageAddress(file);
      return { file, text: withoutCode(text), ...(address === undefined ? {} : { address }) };
    });
}

/** Of a page beside the course, `content/pages/about-the-model.mdx`. */
function pageAddress(file: string): string | undefined {
  const [, id] = /^content\/pages\/([^/]+)\.mdx$/.exec(file) ?? [];
  return id && `/${id}/`;
}

/** The pages of the site, as far as prose can link to them. */
function siteOf(catalogue: Catalogue, prose: readonly Prose[]): Site {
  const pages = prose.flatMap(({ address, text }) =>
    address === undefined ? [] : [[address, anchorsIn(text)] as const],
  );
  return new Map([
    ['/', new Set<string>()],
    ['/glossary/', new Set(catalogue.terms.map(({ id }) => id))],
    ['/misconceptions/', new Set(catalogue.misconceptions.map(({ id }) => id))],
    ...pages,
  ]);
}

/** The anchors of a page, as Astro makes them of its headings, and those that its tags set. */
function anchorsIn(text: string): Set<string> {
  const slugger = new GithubSlugger();
  const headings = [...text.matchAll(/^#{1,6} +(.+?) *#*$/gm)].map(([, heading = '']) => slugger.slug(plain(heading)));
  const ids = [...text.matchAll(/<[a-z][^<>]*? id="([^"]+)"/g)].map(([, id = '']) => id);
  return new Set([...headings, ...ids]);
}

function plain(heading: string): string {
  return heading
    .replaceAll(/<[^<>]*>/g, '')
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/[`*]/g, '');
}

const LINK = /\]\(\s*<?([^)\s>]+)|\bhref="([^"]+)"/g;
const COMPONENT = /<(Term|Workbench|Prediction|Slice)\b[^<>]*?\s(?:id|file)="([^"]*)"/g;

function pointersIn({ file, text, address }: Prose): Pointer[] {
  const place = (index: number) => ({
    file,
    line: text.slice(0, index).split('\n').length,
    ...(address === undefined ? {} : { address }),
  });
  const links = [...text.matchAll(LINK)].map(
    (found): Pointer => ({ what: 'link', to: found[1] ?? found[2] ?? '', ...place(found.index) }),
  );
  const components = [...text.matchAll(COMPONENT)].map(
    (found): Pointer => ({ what: found[1] as Component, to: found[2] ?? '', ...place(found.index) }),
  );
  return [...links, ...components];
}

/** What to do about a link; undefined for one that leads somewhere, or out of the course. */
function linkAdvice(site: Site, { to, address }: Pointer): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(to)) return undefined;
  const [path = '', anchor] = to.split('#', 2);
  if (path === '' && address === undefined) return `"${to}" has no page of its own here: name the page too.`;
  if (path !== '' && !path.startsWith('/'))
    return `"${to}" is relative: write it from the root, such as /lessons/<id>/#<anchor>.`;
  const anchors = site.get(path === '' ? (address ?? '') : path);
  if (!anchors) return `There is no page "${path}".${suggestion(nameIn(path), [...site.keys()].map(nameIn))}`;
  if (anchor === undefined || anchors.has(anchor)) return undefined;
  return `There is no "#${anchor}" on that page.${suggestion(anchor, [...anchors])}`;
}

/** The last part of an address, by which people mistake one for another: `/lessons/one-fault/` → `one-fault`. */
function nameIn(path: string): string {
  return path.split('/').findLast((part) => part !== '') ?? path;
}

function componentAdvice(catalogue: Catalogue, files: CourseFiles, { what, to, address }: Pointer): string | undefined {
  switch (what) {
    case 'Term': {
      const ids = catalogue.terms.map(({ id }) => id);
      return ids.includes(to) ? undefined : `There is no content/glossary/${to}.md: write it.${suggestion(to, ids)}`;
    }
    case 'Workbench': {
      const ids = catalogue.exercises.map(({ id }) => id);
      return findExercise(catalogue, to) ? undefined : `There is no exercise "${to}".${suggestion(to, ids)}`;
    }
    case 'Slice':
      // Those of other folders are known to the build of the site alone.
      return !to.startsWith('exercises/') || to in files ? undefined : `There is no file ${to}.`;
    default:
      return `/lessons/${to.split('/')[0]}/` === address
        ? undefined
        : `"${to}" must begin with the id of its lesson and "/".`;
  }
}

function suggestion(wanted: string, known: readonly string[]): string {
  const near = nearest(wanted, known);
  return near.length === 0 ? '' : ` Did you mean ${near.map((each) => `"${each}"`).join(' or ')}?`;
}

function predictionsTwice(pointers: readonly Pointer[]): Problem[] {
  const predictions = pointers.filter(({ what }) => what === 'Prediction');
  return predictions.flatMap(({ to, file, line }, index) => {
    const twin = predictions.slice(0, index).find((other) => other.to === to);
    if (!twin) return [];
    const advice = `"${to}" stands in ${twin.file}:${twin.line} too: an answer is kept under it, so rename one.`;
    return [{ file, line, rule: 'a prediction has an id of its own', advice }];
  });
}

/** The text with code blocks, code spans and comments blanked out, so that what they hold is not taken for links. */
export function withoutCode(text: string): string {
  const blank = (found: string) => found.replaceAll(/[^\n]/g, ' ');
  return text
    .replaceAll(/^( {0,3})(```+|~~~+)[\s\S]*?^ {0,3}\2/gm, blank)
    .replaceAll(/\{\/\*[\s\S]*?\*\/\}|<!--[\s\S]*?-->/g, blank)
    .replaceAll(/(`+)(?!`)[^\n]*?[^`\n]\1(?!`)/g, (found) => found.replaceAll(/[[\](){}<>"]/g, ' '));
}
