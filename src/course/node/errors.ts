/** Is it the operating system's error of that name, such as ENOENT? */
export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
