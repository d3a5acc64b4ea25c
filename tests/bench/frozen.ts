/**
 * What it costs that a submission's realm is hardened, its intrinsics frozen: every exercise's solution graded again and again,
 * warm, in a frozen realm and in an open one. CPU time of the one by that of the other. A realm never thaws, so each has a process of
 * its own: `node frozen.ts <rounds>` starts them in turns and prints the median of their ratios as JSON.
 */

import { execFileSync } from 'node:child_process';
import { writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import '../../src/grade/node/hooks.ts';
import { median } from './cpu.ts';

export interface Frozen {
  /** The time in a frozen realm by that in an open one. */
  readonly ratio: number;
}

type Realm = 'frozen' | 'open';

const file = fileURLToPath(import.meta.url);

const secondsIn = (realm: Realm): number =>
  Number(execFileSync(process.execPath, [...process.execArgv, file, realm], { encoding: 'utf8' }));

/** Whoever is first in a round is another one each time. */
function ratioOf(round: number): number {
  const order: readonly Realm[] = round % 2 === 0 ? ['frozen', 'open'] : ['open', 'frozen'];
  const seconds = new Map(order.map((realm) => [realm, secondsIn(realm)]));
  return (seconds.get('frozen') ?? Number.NaN) / (seconds.get('open') ?? Number.NaN);
}

const [what = '5'] = process.argv.slice(2);
if (what === 'frozen' || what === 'open') {
  const { secondsOfGradings } = await import('./gradings.ts');
  // A hardened realm has no console of Node's that could be relied on.
  writeSync(1, String(await secondsOfGradings(what === 'frozen')));
} else {
  const ratio = median(Array.from({ length: Number(what) }, (_, round) => ratioOf(round)));
  console.log(JSON.stringify({ ratio } satisfies Frozen));
}
