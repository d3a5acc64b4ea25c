/** What a run of the lab came to, for a person and for a program. */

import { contentionOf } from '#fidelity/coverage';
import { iterationsOf } from '#fidelity/recording';
import type { Boot } from '#lab/boot';
import { whatItProves } from '#lab/conclusion';
import type { LabEvent, Recording } from '#lab/recording';
import { storyOf } from '#lab/story';
import { drawDeeds } from './lab-columns.ts';
import { type Look, paint } from './look.ts';
import { indent, wrap } from './prose.ts';

/** What `--json` prints. */
export interface Summary extends Omit<Recording, 'schema' | 'events'> {
  readonly schema: 'faultline/lab/1';
  readonly iterations: number;
  /** In how many of them threads met; null where the kernel stopped before anybody could count. */
  readonly contended: number | null;
  readonly faults?: number;
  /** In mode race: reads that ended in SIGBUS while the memory was off, as they must. */
  readonly refused?: number;
  /** Traced events, and those that were left out because they stood outside the iterations. */
  readonly events?: number;
  readonly dropped?: number;
  readonly conclusion: string;
  readonly oops: readonly string[];
}

export function summaryOf({ events, schema: _, ...recording }: Recording, { log, cut }: Boot): Summary {
  const traced = cut && contentionOf(events);
  const iterations = log.result?.iterations ?? traced?.iterations ?? log.lastIteration;
  const contended = traced?.contended ?? log.result?.contended ?? null;
  const bug = recording.bug !== null;
  return {
    schema: 'faultline/lab/1',
    ...recording,
    ...{ iterations, contended },
    ...(log.result && (recording.mode === 'race' ? { refused: log.result.refused } : { faults: log.result.faults })),
    ...(cut && { events: events.length, dropped: cut.dropped }),
    conclusion: whatItProves({ iterations, contended: contended ?? 0, bug, stale: recording.stale }),
    oops: log.oops,
  };
}

/** The whole report: the last iteration in columns, the kernel's last words, the counts, what they prove. */
export function reportLines(look: Look, recording: Recording, { log }: Boot, summary: Summary): string[] {
  const shown = iterationToShow(recording);
  const told = (text: string) => wrap(text, look.width);
  return [
    ...(shown ? ['', paint(look, 'bold', titleOf(shown)), '', ...drawDeeds(look, storyOf(shown), recording.bug)] : []),
    ...(log.oops.length === 0 ? [] : ['', paint(look, 'bold', 'What the kernel printed'), '']),
    ...indent(
      log.oops.flatMap((line) => wrap(line, look.width - 2)),
      2,
    ),
    '',
    ...told(countsOf(summary)),
    ...told(summary.conclusion).map((line) => paint(look, 'bold', line)),
  ];
}

/** The one that ended it; else the last in which threads met; else the last. */
function iterationToShow({ events, bug }: Recording): readonly LabEvent[] | undefined {
  const iterations = iterationsOf(events);
  const stale = iterations.find((each) => each.some(([, , { text }]) => text?.startsWith('stale=')));
  if (bug !== null) return iterations.at(-1);
  return stale ?? iterations.findLast((each) => contentionOf(each).contended > 0) ?? iterations.at(-1);
}

const titleOf = (iteration: readonly LabEvent[]) => `Iteration ${iteration[0]?.[2].text?.slice('iter='.length) ?? '?'}`;

function countsOf({ iterations, contended, faults, refused, stale, bug, events, dropped }: Summary): string {
  return [
    contended === null
      ? `Iterations: about ${iterations}.`
      : `Iterations: ${iterations}, in ${contended} of them the threads met.`,
    ...(faults === undefined ? [] : [`Faults: ${faults}.`]),
    ...(refused === undefined ? [] : [`Reads refused while the memory was off: ${refused}.`]),
    ...(bug === null ? [] : [`BUG at ${bug.at}, in ${bug.thread}.`]),
    ...(stale === 0 ? [] : [`Reads that worked while the memory was off: ${stale}.`]),
    ...(events === undefined ? [] : [`Events: ${events}, and ${dropped} left out, of before, after and elsewhere.`]),
  ].join(' ');
}
