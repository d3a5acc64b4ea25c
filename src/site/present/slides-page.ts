/** The window that the room sees. */

import { tellDeskAddress } from './desk-address.ts';
import { Presentation } from './presentation.ts';
import { restoreSize } from './size.ts';

restoreSize();
tellDeskAddress();
// The other window may make the type larger.
addEventListener('storage', restoreSize);
new Presentation();
