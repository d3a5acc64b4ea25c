/** The workbench's place in the window: how wide it is. Fetched when the page has come: none of it moves anything. */

import { adopt } from './adopt.ts';
import { Divider } from './divider.ts';
import styles from './frame.css?inline';

export function frame(bench: HTMLElement): void {
  adopt(styles);
  new Divider(bench);
}
