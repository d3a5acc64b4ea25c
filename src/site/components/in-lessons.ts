/** What a lesson's MDX may name. Where something is another thing, as the workbench is on a slide, that place puts it in its stead. */

import Count from './Count.astro';
import Experiment from './Experiment.astro';
import Heading2 from './Heading2.astro';
import Heading3 from './Heading3.astro';
import InlineCode from './InlineCode.astro';
import Interleaving from './Interleaving.astro';
import Link from './Link.astro';
import Prediction from './Prediction.astro';
import Recall from './Recall.astro';
import Recording from './Recording.astro';
import Scheduler from './Scheduler.astro';
import Slice from './Slice.astro';
import Source from './Source.astro';
import Table from './Table.astro';
import Term from './Term.astro';
import TypeScriptForC from './TypeScriptForC.astro';
import Workbench from './Workbench.astro';

const elements = { a: Link, code: InlineCode, h2: Heading2, h3: Heading3, table: Table };

export const inLessons = {
  ...elements,
  Count,
  Experiment,
  Interleaving,
  Prediction,
  Recall,
  Recording,
  Scheduler,
  Slice,
  Source,
  Term,
  TypeScriptForC,
  Workbench,
};
