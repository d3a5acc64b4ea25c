interface Counting {
  /** What the counter says before the first fault. */
  readonly before: number;
  /** Who counts with the repaired function, and how many faults each. */
  readonly tasks: readonly string[];
  readonly rounds: number;
}

const usual: Counting = { before: 0, tasks: ['A', 'B'], rounds: 2 };
const fresh: Counting = { before: 40, tasks: ['left', 'right'], rounds: 3 };
const harder: Counting = { before: 0, tasks: ['A', 'B', 'C'], rounds: 2 };

export const variants = { usual, fresh, harder };
