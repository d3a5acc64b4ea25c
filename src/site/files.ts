/** The project's texts as they are while the site is built, by their path from the project's root. */

const withoutSlash = (found: Record<string, string>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(found).map(([path, text]) => [path.slice(1), text]));

/** What src/course reads the course from. */
export const courseFiles = withoutSlash(
  import.meta.glob<string>(['/content/**/*.{md,mdx,yaml}', '/exercises/**/*.{ts,md}'], {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
);

/** What a lesson may show a slice of: code that is compiled and tested. */
export const codeFiles = {
  ...withoutSlash(
    import.meta.glob<string>(['/src/linux/**/*.ts', '/src/course/own-race/*.ts'], {
      query: '?raw',
      import: 'default',
      eager: true,
    }),
  ),
  ...Object.fromEntries(Object.entries(courseFiles).filter(([path]) => path.endsWith('.ts'))),
};

/** The program that `npm run new` writes. */
export const raceTemplate = codeFiles['src/course/own-race/race.ts'] as string;

/** In which it is counted how the model was checked. */
export const checkedTexts = {
  ...courseFiles,
  ...withoutSlash(
    import.meta.glob<string>(
      [
        '/src/{explore,linux}/**/*.test.ts',
        '/src/explore/fixtures/randomScripts.ts',
        '/src/linux/fixtures/section8.ts',
        '/src/linux/drivers/vfio/pci/generations/index.ts',
      ],
      { query: '?raw', import: 'default', eager: true },
    ),
  ),
};
