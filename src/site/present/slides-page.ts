/** The window that the room sees. */

import { tellDeskAddress } from './desk-address.ts';
import { handOn } from './plan-address.ts';
import { Presentation } from './presentation.ts';
import { restoreSize } from './size.ts';

restoreSize();
tellDeskAddress();
handOn();
// The other window may make the type larger.
addEventListener('storage', restoreSize);
new Presentation();
