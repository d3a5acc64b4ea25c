/** Serves a folder of files to browsers; knows nothing of what is in it. */

import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.xml': 'application/xml; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.pdf': 'application/pdf',
};

/** What to answer: a file, another address, or that there is none. */
type Answer = { status: 200 | 404; file: string } | { status: 308; location: string } | { status: 400 | 404 };

/** The file itself, free of symbolic links, if it is one and lies within `root`. */
async function fileWithin(root: string, path: string): Promise<string | undefined> {
  try {
    const real = await realpath(path);
    return real.startsWith(root + sep) && (await stat(real)).isFile() ? real : undefined;
  } catch {
    return undefined;
  }
}

function decoded(pathname: string): string | undefined {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
}

/** What `root` has for the path of an address. A folder is its index.html, under an address that ends in a slash. */
async function answerTo(root: string, target: string): Promise<Answer> {
  const [pathname = '/', query] = target.split('?', 2);
  const path = decoded(pathname);
  if (!path?.startsWith('/') || path.includes('\0')) return { status: 400 };
  const place = join(root, path);
  const file = await fileWithin(root, path.endsWith('/') ? join(place, 'index.html') : place);
  if (file) return { status: 200, file };
  if (!path.endsWith('/') && (await fileWithin(root, join(place, 'index.html')))) {
    // One slash in front: two would be the name of another host.
    const location = `/${pathname.replace(/^[/\\]+/, '')}/`;
    return { status: 308, location: query === undefined ? location : `${location}?${query}` };
  }
  const page = await fileWithin(root, join(root, '404.html'));
  return page ? { status: 404, file: page } : { status: 404 };
}

/** Node itself leaves out the body where the question was HEAD. */
async function send(response: ServerResponse, answer: Answer): Promise<void> {
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Cache-Control', 'no-cache');
  response.statusCode = answer.status;
  if ('location' in answer) {
    response.setHeader('Location', answer.location).end();
  } else if ('file' in answer) {
    response.setHeader('Content-Type', types[extname(answer.file)] ?? 'application/octet-stream');
    await pipeline(createReadStream(answer.file), response);
  } else {
    response.setHeader('Content-Type', 'text/plain; charset=utf-8');
    response.end(
      answer.status === 404 ? 'There is no such page. The course begins at /\n' : 'This address is malformed.\n',
    );
  }
}

/** Listens on the first free port from `port` on; the twenty-first refusal is thrown. */
async function listen(server: Server, host: string, port: number, tries = 20): Promise<number> {
  const taken = await new Promise<boolean>((done, failed) => {
    const refuse = (error: NodeJS.ErrnoException): void => {
      if (error.code === 'EADDRINUSE' && tries > 0) done(true);
      else failed(error);
    };
    server.once('error', refuse).listen(port, host, () => {
      server.off('error', refuse);
      done(false);
    });
  });
  return taken ? listen(server, host, port + 1, tries - 1) : (server.address() as AddressInfo).port;
}

export interface Served {
  port: number;
  close: () => Promise<void>;
}

/**
 * Serves the files of `folder`, read-only, at `host` and the first free port from `port` on (0: any).
 * Nothing outside the folder is reached, neither by `..` nor through a symbolic link.
 */
export async function serve(folder: string, { host = '127.0.0.1', port = 0 } = {}): Promise<Served> {
  const root = await realpath(resolve(folder));
  const server = createServer((request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { Allow: 'GET, HEAD' }).end();
      return;
    }
    // A reader who has gone away, or a file that vanished under our hands, ends this answer and nothing else.
    const giveUp = (): void => void response.destroy();
    answerTo(root, request.url ?? '/')
      .then((answer) => send(response, answer))
      .catch(giveUp);
  });
  const bound = await listen(server, host, port);
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
  return { port: bound, close };
}
