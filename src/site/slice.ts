/** A piece of a file that is compiled and tested elsewhere, for showing in prose. */

/**
 * The top-level declaration of that name, with the comment right above it; without a name, the whole file.
 * Throws if there is no such declaration: a lesson must not silently show something else after a rename.
 */
export function sliceOf(source: string, name?: string): string {
  const lines = source.replace(/\r\n/g, '\n').trimEnd().split('\n');
  if (name === undefined) return lines.join('\n');
  const declared = new RegExp(
    `^(?:export )?(?:async )?(?:function\\*?|const|class|interface|type) ${name.replaceAll('$', '\\$')}\\b`,
  );
  const head = lines.findIndex((line) => declared.test(line));
  if (head < 0) throw new Error(`no top-level declaration of "${name}"`);
  return lines.slice(startOfComment(lines, head), endOfDeclaration(lines, head) + 1).join('\n');
}

function startOfComment(lines: readonly string[], head: number): number {
  let start = head;
  while (start > 0 && /^\s*(?:\/\/|\/\*|\*)/.test(lines[start - 1] ?? '')) start -= 1;
  return start;
}

/** The formatter puts a declaration's last line at the margin: either its first line ends it, or the next one there does. */
function endOfDeclaration(lines: readonly string[], head: number): number {
  if (/[;}]\s*(?:\/\/.*)?$/.test(lines[head] ?? '')) return head;
  const end = lines.findIndex((line, at) => at > head && /^[^\s/*]/.test(line) && /[;}]\s*$/.test(line));
  return end < 0 ? lines.length - 1 : end;
}
