declare module 'virtual:faultline/exercises' {
  import type { GradedExercise } from '../harness.ts';

  /** Every exercise by its id; made by node/vite-plugin.ts. */
  export const exercises: Readonly<Record<string, GradedExercise>>;
}
