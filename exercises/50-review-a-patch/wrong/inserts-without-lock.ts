// misconception: unlock-means-race
type Rule =
  | 'look-again' // what you saw before a lock is a memory
  | 'true-when-seen' // what others believe is true when they look
  | 'count-once' // a fill may be repeated, its bookkeeping not
  | 'hold-until-true' // hold a lock until its sentence is true
  | 'one-order'; // locks nest in one order only

type Review = { says: 'unread' } | { says: 'holds' } | { says: 'breaks'; line: number; rule: Rule; schedule: string };

export const refuseEarly: Review = { says: 'breaks', line: 7, rule: 'look-again', schedule: 'A2-Z9-A' };

export const unlockEarly: Review = { says: 'breaks', line: 13, rule: 'count-once', schedule: 'A-B' };

export const oneCall: Review = { says: 'breaks', line: 16, rule: 'hold-until-true', schedule: 'A-B13-Z2-A' };

export const touchedFirst: Review = { says: 'holds' };

export const tellUsers: Review = { says: 'breaks', line: 9, rule: 'one-order', schedule: 'A2-Z' };
