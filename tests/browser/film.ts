/** A picture as the film that Chromium's fake camera plays. */

import { writeFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';

const [width, height] = [640, 480];

/** Writes the picture (PNG) in the middle of a grey frame, twice, as YUV4MPEG2. */
export async function writeFilm(browser: Browser, png: Buffer, path: string): Promise<void> {
  const page = await browser.newPage();
  const grey = await page.evaluate(greysOf, {
    source: `data:image/png;base64,${png.toString('base64')}`,
    width,
    height,
  });
  await page.close();
  const colours = Buffer.alloc((width * height) / 2, 128);
  const frame = Buffer.concat([Buffer.from('FRAME\n'), Buffer.from(grey), colours]);
  writeFileSync(
    path,
    Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`), frame, frame]),
  );
}

/** Runs in a page: how bright each point of the frame is. */
async function greysOf({
  source,
  width,
  height,
}: {
  source: string;
  width: number;
  height: number;
}): Promise<number[]> {
  const image = new Image();
  image.src = source;
  await image.decode();
  const context = Object.assign(document.createElement('canvas'), { width, height }).getContext('2d');
  if (!context) return [];
  context.fillStyle = '#777777';
  context.fillRect(0, 0, width, height);
  const scale = (0.75 * height) / image.height;
  context.drawImage(image, 120, 50, image.width * scale, image.height * scale);
  const { data } = context.getImageData(0, 0, width, height);
  return Array.from({ length: width * height }, (_, at) => data[4 * at] ?? 0);
}
