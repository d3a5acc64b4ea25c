import { configDefaults, defineConfig } from 'vitest/config';
import { recordingsPlugin } from './src/site/integrations/recordings.ts';

// my/ is the learner's, and exercises/*/exercise.test.ts are graders, run by `npm run check`: neither is collected.
const exclude = [...configDefaults.exclude, 'my/**', 'dist/**', '**/exercises/*/exercise.test.ts'];

/** How a browser is found is tested without one. */
const findingABrowser = ['tests/browser/find-browser.test.ts', 'tests/browser/fetched-browser.test.ts'];

export default defineConfig({
  plugins: [recordingsPlugin()],
  test: {
    // A search counts steps, not time: Vitest must not fail a long honest one by the clock.
    testTimeout: 0,
    hookTimeout: 0,
    // Unless told, Vitest leaves a core to itself: on a machine with two that is half of them.
    maxWorkers: '100%',
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['src/**/*.test.ts', 'tests/*.test.ts', ...findingABrowser], exclude },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['tests/browser/**/*.test.ts'],
          exclude: [...exclude, ...findingABrowser],
          // As many pages at a time as a small machine has cores; with more, each would wait for the others.
          maxWorkers: 2,
        },
      },
    ],
  },
});
