/** Grades as a page does, in a worker of the sandboxed frame, and returns what comes out of it unread. */

import { build } from 'vite';
import { buildWorker } from '../../src/grade/node/build-worker.ts';
import type { GradeRequest, GraderMessage } from '../../src/grade/protocol.ts';
import { policies } from '../../src/site/sandbox/policy.ts';
import { type OpenPage, root } from './site.ts';

/** Opens the frame in that page of the site, whose policy it inherits. Throws where the page would refuse to run exercises. */
export async function openFrame(page: OpenPage): Promise<(request: GradeRequest) => Promise<GraderMessage>> {
  await page.evaluate(await frameHost());
  await page.evaluate(openInPage, await buildWorker());
  return (request) => page.evaluate(gradeInPage, request);
}

type FrameHost = typeof import('../../src/site/sandbox/frame-host.ts').FrameHost;
type Opened = NonNullable<Awaited<ReturnType<FrameHost['open']>>>;

interface PageWithFrame {
  frameHost: { FrameHost: FrameHost };
  opened: Opened;
}

async function openInPage(gradingScript: string): Promise<void> {
  const here = window as unknown as PageWithFrame;
  const opened = await here.frameHost.FrameHost.open(gradingScript);
  if (!opened) throw new Error('the sandboxed frame does not open');
  here.opened = opened;
}

/** In the page: the last thing that a fresh worker says. */
async function gradeInPage(request: GradeRequest): Promise<GraderMessage> {
  const { opened } = window as unknown as PageWithFrame;
  const started = opened.start();
  const ended = new Promise<GraderMessage>((resolve, reject) => {
    started.broken.then((why) => reject(new Error(why)));
    started.port.onmessage = ({ data }: MessageEvent<GraderMessage>) => {
      if ('verdict' in data || 'replayed' in data || 'refused' in data || 'crashed' in data) resolve(data);
    };
  });
  started.port.postMessage(request);
  return ended.finally(() => opened.stop(started));
}

/** The page's own end of the frame, as one classic script. */
async function frameHost(): Promise<string> {
  const name = 'virtual:faultline/sandbox';
  const result = await build({
    configFile: false,
    root,
    logLevel: 'warn',
    publicDir: false,
    plugins: [
      {
        name: 'frame-document',
        resolveId: (id) => (id === name ? id : undefined),
        load: (id) =>
          id === name ? `export const frameDocument = ${JSON.stringify(policies().frameDocument)};` : undefined,
      },
    ],
    build: {
      write: false,
      lib: { entry: `${root}/src/site/sandbox/frame-host.ts`, formats: ['iife'], name: 'frameHost' },
    },
  });
  const [script] = [result].flat().flatMap((each) => ('output' in each ? each.output : []));
  if (script?.type !== 'chunk') throw new Error('the frame’s host could not be built');
  return script.code;
}
