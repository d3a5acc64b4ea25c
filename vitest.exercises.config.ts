/** For editors: runs a grader on the learner's own file (`my/<id>.ts`, else the starter) by plain Vitest. `npm test` never does. */

import { defineConfig } from 'vitest/config';
import { faultline } from './src/grade/node/vite-plugin.ts';

export default defineConfig({
  plugins: [faultline({ loads: true })],
  test: { include: ['exercises/*/exercise.test.ts'], testTimeout: 0, hookTimeout: 0, passWithNoTests: true },
});
