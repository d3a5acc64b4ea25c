/** What each recording has been held against, for tests to print and for the page about the model. */

import { generations } from '#linux';
import { type Coverage, coverageOf } from './coverage.ts';
import { agreementOf, type Generation, generationOf } from './generations.ts';
import type { Recording } from './recording.ts';

export interface Row {
  readonly name: string;
  readonly recording: Recording;
  readonly coverage: Coverage;
  readonly origin: Generation;
  /** Those that it agrees with besides: nothing in it tells them apart from its origin. */
  readonly alike: readonly Generation[];
  /** The others, by the event at which they refuse it. */
  readonly refused: ReadonlyMap<string, readonly Generation[]>;
}

/** Throws for a recording that does not agree with the generation it comes from. */
export function rowOf(name: string, recording: Recording): Row {
  const origin = generationOf(recording);
  const alike: Generation[] = [];
  const refused = new Map<string, Generation[]>();
  for (const generation of Object.keys(generations) as Generation[]) {
    const agreement = agreementOf(recording, generation);
    if (agreement.agrees && generation !== origin) alike.push(generation);
    if (agreement.agrees) continue;
    if (generation === origin) throw new Error(`${name}: ${origin} refuses it at ${agreement.refused}`);
    refused.set(agreement.refused, [...(refused.get(agreement.refused) ?? []), generation]);
  }
  return { name, recording, coverage: coverageOf(recording), origin, alike, refused };
}

export function tellRow({ name, recording, coverage, origin, alike, refused }: Row): string[] {
  const { events, faults, iterations, contended } = coverage;
  return [
    `${name} (${recording.kernel}): ${events} events, ${faults} faults, the threads met in ${contended} of ${iterations} iterations`,
    `  agrees with ${[origin, ...alike].join(', ')}`,
    ...[...refused].map(([event, by]) => `  refused at ${event} by ${by.join(', ')}`),
  ];
}
