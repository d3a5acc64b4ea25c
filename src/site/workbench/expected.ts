/** Opens the page's sandbox, and has it rehearse what will be graded. */

import { Sandbox } from '../sandbox/sandbox.ts';
import { solutionOf } from './exercise-texts.ts';

/** It rehearses the solution; a program of the reader's own has none, but the text that its workbench begins with. */
export async function expectGrading(exercise: string, workbench: HTMLElement): Promise<void> {
  const starter = workbench.querySelector('[data-part=editor] pre')?.textContent ?? '';
  const sandbox = await Sandbox.ofPage();
  sandbox?.expect({ exercise, source: await solutionOf(exercise).catch(() => starter) });
}
