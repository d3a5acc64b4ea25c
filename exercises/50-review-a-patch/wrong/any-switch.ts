// misconception: suspicion-is-proof
type Rule =
  | 'look-again' // what you saw before a lock is a memory: under it, look again
  | 'true-when-seen' // what others believe must be true whenever they look
  | 'count-once' // a fill may be repeated, the bookkeeping around it may not
  | 'hold-until-true' // a lock protects a sentence: hold it until that is true again
  | 'one-order'; // locks nest in one order only

type Review = { says: 'unread' } | { says: 'holds' } | { says: 'breaks'; line: number; rule: Rule; schedule: string };

export const refuseEarly: Review = { says: 'breaks', line: 7, rule: 'look-again', schedule: 'A2-B-Z' };

export const unlockEarly: Review = { says: 'holds' };

export const oneCall: Review = { says: 'breaks', line: 6, rule: 'true-when-seen', schedule: 'A13-Z14-B' };

export const touchedFirst: Review = { says: 'holds' };

export const tellUsers: Review = { says: 'breaks', line: 9, rule: 'one-order', schedule: 'A2-Z' };
