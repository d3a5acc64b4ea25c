/*
 * Five patches stand in the lesson, their lines numbered. For each
 * write one of these two, and save; they are graded one by one.
 *
 *   { says: 'holds' }
 *       whatever the order of A’s, B’s and Z’s steps, nothing breaks
 *   { says: 'breaks', line: 7, rule: 'one-order', schedule: 'A3-B2-Z' }
 *       the line to blame, the rule that it breaks, and an order of
 *       steps in which it does
 */
type Rule =
  | 'look-again' // what you saw before a lock is a memory: under it, look again
  | 'true-when-seen' // what others believe must be true whenever they look
  | 'count-once' // a fill may be repeated, the bookkeeping around it may not
  | 'hold-until-true' // a lock protects a sentence: hold it until that is true again
  | 'one-order'; // locks nest in one order only

type Review = { says: 'unread' } | { says: 'holds' } | { says: 'breaks'; line: number; rule: Rule; schedule: string };

export const refuseEarly: Review = { says: 'unread' };

export const unlockEarly: Review = { says: 'unread' };

export const oneCall: Review = { says: 'unread' };

export const touchedFirst: Review = { says: 'unread' };

export const tellUsers: Review = { says: 'unread' };
