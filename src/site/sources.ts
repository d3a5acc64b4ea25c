/** In Markdown a source is an emphasis that begins with its name: `*Source: mm/memory.c, Linux 6.1*`. */

/** The same as <Source> says it, without the full stop that may end it. */
export const withSources = (html: string): string =>
  html.replace(/<em>Source: ([\s\S]*?)\.?<\/em>/g, '<cite><span class="visually-hidden">Source: </span>$1</cite>');
