/*
 * Five patches stand in the lesson, with their lines numbered. Say
 * one of these two of each. They are graded one after another.
 *
 *   { says: 'holds' }
 *       nothing breaks, in whatever order A, B and Z make their steps
 *   { says: 'breaks', line: 3, rule: 'count-once', schedule: 'A4-B2' }
 *       the line to blame, the rule that it breaks, and an order of
 *       steps in which something breaks
 */
type Rule =
  | 'look-again' // what you saw before a lock is a memory
  | 'true-when-seen' // what others believe is true when they look
  | 'count-once' // a fill may be repeated, its bookkeeping not
  | 'hold-until-true' // hold a lock until its sentence is true
  | 'one-order'; // locks nest in one order only

type Review = { says: 'unread' } | { says: 'holds' } | { says: 'breaks'; line: number; rule: Rule; schedule: string };

export const refuseEarly: Review = { says: 'unread' };

export const unlockEarly: Review = { says: 'unread' };

export const oneCall: Review = { says: 'unread' };

export const touchedFirst: Review = { says: 'unread' };

export const tellUsers: Review = { says: 'unread' };
