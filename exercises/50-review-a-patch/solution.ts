type Rule =
  | 'look-again' // what you saw before a lock is a memory
  | 'true-when-seen' // what others believe is true when they look
  | 'count-once' // a fill may be repeated, its bookkeeping not
  | 'hold-until-true' // hold a lock until its sentence is true
  | 'one-order'; // locks nest in one order only

type Review = { says: 'unread' } | { says: 'holds' } | { says: 'breaks'; line: number; rule: Rule; schedule: string };

// A has read isOn, Z switches off and lets go, and A inserts.
export const refuseEarly: Review = { says: 'breaks', line: 7, rule: 'look-again', schedule: 'A2-Z9-A' };

// The list is noted under lock, and power is held over the inserts. Nobody takes “noted” for “filled”.
export const unlockEarly: Review = { says: 'holds' };

// Z empties the list, and lets go of lock before it zaps. A finds the vma not listed, and its entries full.
export const oneCall: Review = { says: 'breaks', line: 16, rule: 'hold-until-true', schedule: 'A-B13-Z2-A' };

// The second insert of the page does nothing. A page that is missing can fault later.
export const touchedFirst: Review = { says: 'holds' };

// A has lock and wants power, Z has power and wants lock.
export const tellUsers: Review = { says: 'breaks', line: 9, rule: 'one-order', schedule: 'A2-Z' };
