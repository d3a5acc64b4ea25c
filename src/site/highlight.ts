/**
 * Code colouring, shared by fences and by <Slice>. The themes' colours become classes (their values stand in tokens.css):
 * a page without style attributes needs no hole in its content security policy, and is a third smaller.
 */

import { transformerMetaHighlight, transformerNotationDiff, transformerNotationHighlight } from '@shikijs/transformers';
import type { ShikiTransformer } from 'shiki';

const themes = { light: 'github-light-default', dark: 'github-dark-default' } as const;

/** A token's colour in the light theme says what the token is. Not listed: ordinary text. */
const classOfColour: Readonly<Record<string, string>> = {
  '#CF222E': 'k', // keyword
  '#0A3069': 's', // string
  '#6E7781': 'c', // comment
  '#0550AE': 'n', // number, constant
  '#8250DF': 'f', // function
  '#953800': 't', // type, parameter
  '#82071E': 'del',
  '#116329': 'ins',
};

const classOf = (style: unknown): string | undefined =>
  classOfColour[/--shiki-light:(#[0-9A-F]{6})/i.exec(String(style))?.[1]?.toUpperCase() ?? ''];

/** Half a second a line is Shiki's own limit, and what is left of the line loses its colours: no build may depend on that. */
const withoutTimeLimit: ShikiTransformer = {
  name: 'without-time-limit',
  preprocess(_code, options) {
    options.tokenizeTimeLimit = 0;
  },
};

/** Must come last: it removes the style attributes that the others may still look at. */
const stylesToClasses: ShikiTransformer = {
  name: 'styles-to-classes',
  pre(node) {
    delete node.properties.style;
    node.properties.class = 'code';
  },
  line(line) {
    line.children = line.children.flatMap((token) => {
      if (token.type !== 'element') return [token];
      const name = classOf(token.properties.style);
      delete token.properties.style;
      if (!name) return token.children;
      token.properties.class = name;
      return [token];
    });
  },
  code(code) {
    code.children = code.children.flatMap((line) =>
      line.type === 'element' && line.properties.class === 'line' ? line.children : [line],
    );
  },
};

export const transformers: ShikiTransformer[] = [
  withoutTimeLimit,
  transformerMetaHighlight({ className: 'mark' }),
  transformerNotationHighlight({ classActiveLine: 'mark', classActivePre: '' }),
  transformerNotationDiff({ classLineAdd: 'added', classLineRemove: 'removed', classActivePre: '' }),
  stylesToClasses,
];

export const shikiConfig = { themes, defaultColor: false, transformers } as const;
