type Rule =
  | 'look-again' // what you saw before a lock is a memory
  | 'true-when-seen' // what others believe is true when they look
  | 'count-once' // a fill may be repeated, its bookkeeping not
  | 'hold-until-true' // hold a lock until its sentence is true
  | 'one-order'; // locks nest in one order only

type Review = { says: 'unread' } | { says: 'holds' } | { says: 'breaks'; line: number; rule: Rule; schedule: string };

export const refuseEarly: Review = { says: 'breaks', line: 12, rule: 'look-again', schedule: 'B2-Z9-B' };

export const unlockEarly: Review = { says: 'holds' };

export const oneCall: Review = { says: 'breaks', line: 8, rule: 'true-when-seen', schedule: 'Z2-A13-Z' };

export const touchedFirst: Review = { says: 'holds' };

export const tellUsers: Review = { says: 'breaks', line: 9, rule: 'one-order', schedule: 'Z8-A2' };
