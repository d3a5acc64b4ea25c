/** Codes as a camera sees them. */

import { frameLoop, QRCanvas, rearCamera } from 'qr/dom.js';

/** Shows what the camera sees, and tells each text that it reads, once as long as it stays the same. Returns what ends it. */
export async function scan(video: HTMLVideoElement, onText: (text: string) => void): Promise<() => void> {
  const camera = await rearCamera(video);
  const canvas = new QRCanvas();
  let last: unknown;
  const cancel = frameLoop(async () => {
    const read = await camera.readFrame(canvas, true);
    if (typeof read !== 'string' || read === last) return;
    last = read;
    onText(read);
  });
  return () => {
    cancel();
    camera.stop();
  };
}

/** Why there is no camera to be had here at all; undefined where one may be. */
export const whyNoCamera = (): string | undefined =>
  typeof navigator.mediaDevices === 'undefined'
    ? 'Browsers give pages a camera over https alone, and on the machine that serves the page. Here, type the codes.'
    : undefined;

/** In words, why it did not open. */
export function whyNotOpened(error: unknown): string {
  const name = error instanceof Error ? error.name : '';
  if (name === 'NotAllowedError') return 'The browser was not allowed to use the camera: allow it, or type the codes.';
  if (name === 'NotFoundError') return 'This machine has no camera: type the codes.';
  return `The camera does not open (${error instanceof Error ? error.message : error}): type the codes.`;
}
