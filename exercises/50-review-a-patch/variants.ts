/** Who touches which page, and who switches the board. */
type Deeds = Readonly<Record<string, readonly (number | 'off' | 'on')[]>>;

const usual: Deeds = { A: [0], B: [1], Z: ['off', 'on'] };

/** The pages the other way round. */
const fresh: Deeds = { A: [1], B: [0], Z: ['off', 'on'] };

/** A third thread, at the same page as the second. */
const harder: Deeds = { A: [0], B: [1], C: [1], Z: ['off', 'on'] };

export const variants = { usual, fresh, harder };
