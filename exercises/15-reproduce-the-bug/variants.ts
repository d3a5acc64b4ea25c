import { fault, type WorldDescription } from '#linux';

/** What is added to the learner's world: the bug must be there all the same, and the repair hold. */
type Added = Partial<WorldDescription>;

const usual: Added = {};

/** A machine that makes its page tables as it needs them. */
const fresh: Added = { pageTables: 'on demand' };

/** A third thread at a mapping of its own, which is not at risk. */
const harder: Added = {
  bars: { spare: 1 },
  vmas: { spare: { bar: 'spare', process: 'bystander' } },
  tasks: { bystander: fault('spare', 0) },
};

export const variants = { usual, fresh, harder };
