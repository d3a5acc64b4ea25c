/** The texts that types come from: the course's own, and those of TypeScript's library that a submission sees. */

const ours = import.meta.glob<string>(
  ['../../{explore,linux}/**/*.ts', '!../../**/*.{test,bench}.ts', '!../../explore/node/**'],
  { query: '?raw', import: 'default', eager: true },
);
const library = import.meta.glob<string>(
  [
    '/node_modules/typescript/lib/lib.{es5,decorators,decorators.legacy}.d.ts',
    '/node_modules/typescript/lib/lib.es20*.d.ts',
    '!**/*.full.d.ts',
  ],
  { query: '?raw', import: 'default', eager: true, exhaustive: true },
);

export const files: Readonly<Record<string, string>> = Object.fromEntries([
  ...Object.entries(ours).map(([path, text]) => [path.replace('../..', '/src'), text]),
  ...Object.entries(library).map(([path, text]) => [path.replace(/.*\//, '/lib/'), text]),
]);

/** Those that a submission may import, and those that the files above import. */
export const aliases: Readonly<Record<string, string>> = {
  '#linux': '/src/linux/index.ts',
  '#explore': '/src/explore/index.ts',
};
