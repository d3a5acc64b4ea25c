/** The workbench's place in the window, and the ways to it and back. Fetched when the page has come: none of it moves anything. */

import { adopt } from '../adopt.ts';
import { Divider } from './divider.ts';
import { ExerciseTab } from './exercise-tab.ts';
import styles from './frame.css?inline';
import { Projecting } from './projecting.ts';

export function frame(bench: HTMLElement): void {
  adopt(styles);
  new Divider(bench);
  new ExerciseTab(bench);
  new Projecting(bench);
}
