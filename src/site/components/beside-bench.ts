/** What pages with a workbench consist of. They take it from here, so that they all share one stylesheet: two would weigh more. */

import Afterwards from './Afterwards.astro';
import Count from './Count.astro';
import Experiment from './Experiment.astro';
import Heading2 from './Heading2.astro';
import Heading3 from './Heading3.astro';
import InlineCode from './InlineCode.astro';
import Interleaving from './Interleaving.astro';
import LessonHead from './LessonHead.astro';
import Link from './Link.astro';
import Neighbours from './Neighbours.astro';
import Patch from './Patch.astro';
import Prediction from './Prediction.astro';
import Recall from './Recall.astro';
import Recording from './Recording.astro';
import Scheduler from './Scheduler.astro';
import Slice from './Slice.astro';
import Source from './Source.astro';
import Steps from './Steps.astro';
import Table from './Table.astro';
import Term from './Term.astro';
import TypeScriptForC from './TypeScriptForC.astro';
import Workbench from './Workbench.astro';

export { LessonHead, Neighbours };

/** By the names that Markdown and MDX give it. */
export const inProse = {
  // Instead of Markdown's own.
  a: Link,
  code: InlineCode,
  h2: Heading2,
  h3: Heading3,
  table: Table,
  Afterwards,
  Count,
  Experiment,
  Interleaving,
  Patch,
  Prediction,
  Recall,
  Recording,
  Scheduler,
  Slice,
  Source,
  Steps,
  Term,
  TypeScriptForC,
  Workbench,
};
