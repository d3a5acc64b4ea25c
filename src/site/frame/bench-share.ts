/** What part of the window the workbench has beside the lesson, in percent. */

export interface Limits {
  readonly least: number;
  readonly most: number;
}

/** Of a press of an arrow key, and of a button. */
export const smallStep = 2;
export const step = 5;

/** The least that a lesson, and a stepper in a verdict, can be read in, in rem: Workbench.astro holds to the same. */
const narrowestLesson = 20;
const narrowestBench = 30;

/** `rem`: in pixels, as `width`. */
export function limitsIn(width: number, rem: number): Limits {
  const share = (rems: number) => (100 * rems * rem) / width;
  return {
    least: tidy(Math.max(30, share(narrowestBench))),
    most: tidy(Math.min(75, 100 - share(narrowestLesson))),
  };
}

/** The nearest share within the limits, with one decimal. */
export const within = (share: number, { least, most }: Limits): number => tidy(Math.min(Math.max(share, least), most));

/** Where a key leads from here; undefined if it leads nowhere. The divider goes where the arrow points. */
export function afterKey(key: string, share: number, limits: Limits): number | undefined {
  const leads: Readonly<Record<string, number>> = {
    ArrowLeft: share + smallStep,
    ArrowRight: share - smallStep,
    Home: limits.least,
    End: limits.most,
  };
  const to = leads[key];
  return to === undefined ? undefined : within(to, limits);
}

const tidy = (share: number): number => Math.round(share * 10) / 10;
