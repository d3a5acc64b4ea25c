/**
 * What graders import as `vitest` where submissions are graded: as much of it as a grader needs, small enough for a page and ready
 * at once. The same graders run under Vitest itself in an editor, where more can be had.
 */

export interface Test {
  readonly name: string;
  readonly meta: { readonly id?: string; readonly stage?: number };
  readonly run: () => unknown;
}

type Matcher = (actual: unknown, ...expected: never[]) => { readonly pass: boolean; message(): string };
type Assertion = (...expected: unknown[]) => void;

// Taken before the realm is hardened: afterwards nobody finds it.
const Answering = Proxy;

let declared: Test[] = [];
const matchers = new Map<string, Matcher>();

/** Declares a test, which may be asynchronous. */
export function test(name: string, options: { readonly meta?: Test['meta'] }, run: Test['run']): void {
  declared.push({ name, meta: options.meta ?? {}, run });
}

/** The tests that are declared while the grader is read, in their order. */
export async function testsOf(readGrader: () => Promise<unknown>): Promise<readonly Test[]> {
  declared = [];
  await readGrader();
  return declared;
}

/** Something to say of a value with one of the matchers, each of which throws if it is not so. */
export function expect(actual: unknown): Readonly<Record<string, Assertion>> {
  return new Answering({}, { get: (_, name) => assertion(actual, String(name)) });
}

/** Adds matchers. */
expect.extend = (more: Readonly<Record<string, Matcher>>): void => {
  for (const [name, matcher] of Object.entries(more)) matchers.set(name, matcher);
};

function assertion(actual: unknown, name: string): Assertion {
  const matcher = matchers.get(name);
  if (!matcher)
    throw new Error(
      `expect(…).${name}: there is no such matcher where submissions are graded; there is ${[...matchers.keys()].join(', ')}`,
    );
  return (...expected) => {
    const { pass, message } = matcher(actual, ...(expected as never[]));
    if (!pass) throw new Error(message());
  };
}
