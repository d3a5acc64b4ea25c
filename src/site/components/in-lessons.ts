/** What a lesson's MDX may name, wherever the lesson is shown; what is another thing in another place, that place adds. */

import Count from './Count.astro';
import Experiment from './Experiment.astro';
import InlineCode from './InlineCode.astro';
import Interleaving from './Interleaving.astro';
import Link from './Link.astro';
import Prediction from './Prediction.astro';
import Recording from './Recording.astro';
import Scheduler from './Scheduler.astro';
import Slice from './Slice.astro';
import Source from './Source.astro';
import Table from './Table.astro';
import Term from './Term.astro';
import TypeScriptForC from './TypeScriptForC.astro';

const elements = { a: Link, code: InlineCode, table: Table };

export const inLessons = {
  ...elements,
  Count,
  Experiment,
  Interleaving,
  Prediction,
  Recording,
  Scheduler,
  Slice,
  Source,
  Term,
  TypeScriptForC,
};
