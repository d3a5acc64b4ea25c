/** Answers what an editor asks about types. TypeScript is large: the worker comes only when somebody asks for types. */

import { aliases, files } from './files.ts';
import { typeService } from './service.ts';

const service = typeService(files, aliases);

export type Service = typeof service;

/** A call of one of the service's functions. */
export interface Call {
  readonly id: number;
  readonly name: keyof Service;
  readonly args: readonly unknown[];
}

addEventListener('message', ({ data: { id, name, args } }: MessageEvent<Call>) => {
  try {
    postMessage({ id, value: (service[name] as (...all: readonly unknown[]) => unknown)(...args) });
  } catch (error) {
    postMessage({ id, error: String(error) });
  }
});
