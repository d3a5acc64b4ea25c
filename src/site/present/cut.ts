/** A lesson as slides: cut from its own page, so that there is no second text to keep. */

import { type Block, blocksOf, partsOf } from './blocks.ts';

/** What goes on while it is shown: somebody talks, all work, or what came of it is talked over. */
export type Phase = 'talk' | 'exercise' | 'debrief';

export interface Slide {
  /** The inside of its section's heading; empty above the first. */
  readonly title: string;
  readonly html: string;
  readonly phase: Phase;
}

/** How many lines a slide has room for. */
const most = 10;
/** And how many an execution asks for. */
const leastExecution = 7;
/** What is no longer than that does not stand alone in front of an experiment. */
const aSentence = 2.5;

/** What must not be torn apart: a block, what leads to it, and the sources below it. */
interface Unit {
  readonly blocks: readonly Block[];
  readonly lines: number;
  /** Has a slide to itself. */
  readonly isAlone: boolean;
}

/**
 * Cuts a rendered lesson. A heading begins a slide; an experiment, a prediction, a game and the exercise have one each, with what
 * leads to them; paragraphs share one, as many as there is room for, spread evenly.
 */
export function slidesOf(html: string): Slide[] {
  let phase: Phase = 'talk';
  return sectionsOf(blocksOf(html)).flatMap(({ title, blocks }) =>
    groupsOf(unitsOf(blocks)).map((group) => {
      const shown = group.flatMap((unit) => unit.blocks);
      const isDesk = shown.some(({ kind }) => kind === 'desk');
      if (isDesk) phase = 'exercise';
      else if (phase === 'exercise') phase = 'debrief';
      return { title, html: shown.map((block) => block.html).join('\n'), phase };
    }),
  );
}

interface Section {
  readonly title: string;
  readonly blocks: Block[];
}

function sectionsOf(blocks: readonly Block[]): Section[] {
  const sections: Section[] = [{ title: '', blocks: [] }];
  for (const block of blocks) {
    if (block.kind === 'heading') sections.push({ title: insideOf(block.html), blocks: [] });
    else sections.at(-1)?.blocks.push(block);
  }
  return sections.filter((section) => section.blocks.length > 0);
}

const insideOf = (html: string): string => html.replace(/^<[^>]*>/, '').replace(/<\/[^>]*>$/, '');

function unitsOf(blocks: readonly Block[]): Unit[] {
  const units: Unit[] = [];
  for (const block of blocks.flatMap((each) => partsOf(each, most))) {
    const above = units.at(-1);
    if (above && belongsTo(above, block)) units[units.length - 1] = joined(above, block);
    else units.push({ blocks: [block], lines: block.lines, isAlone: isAlone(block) });
  }
  return units;
}

const isAlone = ({ kind }: Block): boolean => kind === 'stage' || kind === 'desk';

/** A short sentence, or one that leads to what comes next, does not stand on a slide alone where there is room. */
function belongsTo(above: Unit, block: Block): boolean {
  if (block.kind === 'source') return true;
  if (above.isAlone) return false;
  const last = above.blocks.at(-1);
  const leads = last?.leadsOn || (isAlone(block) && above.lines <= aSentence);
  return leads === true && above.lines + Math.min(block.lines, leastOf(block)) <= most;
}

/** An execution scrolls within itself, alone or in a game. */
const leastOf = ({ html, lines }: Block): number =>
  /^<figure class="experiment"|^<fault-scheduler/.test(html) ? leastExecution : lines;

const joined = (above: Unit, block: Block): Unit => ({
  blocks: [...above.blocks, block],
  lines: above.lines + block.lines,
  isAlone: above.isAlone || isAlone(block),
});

/** What stands on one slide, for each. */
function groupsOf(units: readonly Unit[]): Unit[][] {
  const groups: Unit[][] = [];
  let run: Unit[] = [];
  for (const unit of units) {
    if (!unit.isAlone) {
      run.push(unit);
      continue;
    }
    groups.push(...spread(run), [unit]);
    run = [];
  }
  return [...groups, ...spread(run)];
}

/** On as few slides as will do, and then no fuller than they must be. */
function spread(units: readonly Unit[]): Unit[][] {
  const fewest = filled(units, most).length;
  for (let room = 1; room < most; room += 0.5) {
    const groups = filled(units, room);
    if (groups.length === fewest) return groups;
  }
  return filled(units, most);
}

function filled(units: readonly Unit[], room: number): Unit[][] {
  const groups: Unit[][] = [];
  let left = 0;
  for (const unit of units) {
    if (unit.lines > left) {
      groups.push([]);
      left = room;
    }
    groups.at(-1)?.push(unit);
    left -= unit.lines;
  }
  return groups;
}
