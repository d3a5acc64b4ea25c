/** Is it the operating system's error of that name, such as ENOENT? */
export function isCode(error: unknown, code: string): boolean {
  return codeOf(error) === code;
}

/** The name that the operating system gives to what it refused; undefined for an error of any other kind. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && 'syscall' in error ? String(error.code) : undefined;
}
