/** The page's end of the sandboxed frame: opens it, and starts and stops workers in it. */

import { frameDocument } from 'virtual:faultline/sandbox';

/** Milliseconds for a frame to say that it is there; and to say that it has stopped a worker. */
const patience = { open: 5000, stop: 1000 };

/** A worker in the frame, and the port that leads to it alone. */
export interface Started {
  readonly run: number;
  readonly port: MessagePort;
  /** Resolves, with the reason, only if the worker cannot start or dies of an error. */
  readonly broken: Promise<string>;
}

type FrameMessage = { ready: true } | { stopped: number } | { broken: number; why: string };

export class FrameHost {
  readonly #frame: HTMLIFrameElement;
  readonly #control: MessagePort;
  readonly #waiting = new Map<string, (value: string) => void>();
  #runs = 0;

  private constructor(frame: HTMLIFrameElement, control: MessagePort) {
    this.#frame = frame;
    this.#control = control;
    control.onmessage = ({ data }: MessageEvent<FrameMessage>) => this.#hear(data);
  }

  /** Opens a frame around the grading script. Returns undefined where the browser does not let it run. */
  static async open(gradingScript: string): Promise<FrameHost | undefined> {
    const frame = document.createElement('iframe');
    // Before it is inserted: a frame takes the flags that it had when its document was made.
    frame.setAttribute('sandbox', 'allow-scripts');
    frame.setAttribute('aria-hidden', 'true');
    frame.title = 'Where submissions run';
    frame.hidden = true;
    frame.srcdoc = frameDocument;
    const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
    document.body.append(frame);
    await loaded;
    const { port1, port2 } = new MessageChannel();
    const host = new FrameHost(frame, port1);
    // Its origin is opaque, so it cannot be named; the frame is ours, and the script is public.
    frame.contentWindow?.postMessage(gradingScript, '*', [port2]);
    if (await host.#within(patience.open, 'ready')) return host;
    host.remove();
    return undefined;
  }

  /** Starts a worker. Whoever gets it stops it. */
  start(): Started {
    this.#runs += 1;
    const run = this.#runs;
    const { port1, port2 } = new MessageChannel();
    const broken = this.#heard(`broken ${run}`);
    this.#control.postMessage({ start: run }, [port2]);
    return { run, port: port1, broken };
  }

  /** Terminates the worker. Returns false if the frame does not answer: its process is gone or stuck, remove it. */
  stop({ run, port }: Started): Promise<boolean> {
    port.close();
    this.#waiting.delete(`broken ${run}`);
    const answered = this.#within(patience.stop, `stopped ${run}`);
    this.#control.postMessage({ stop: run });
    return answered;
  }

  remove(): void {
    this.#control.close();
    this.#frame.remove();
  }

  #hear(message: FrameMessage): void {
    if ('ready' in message) this.#tell('ready');
    else if ('stopped' in message) this.#tell(`stopped ${message.stopped}`);
    else this.#tell(`broken ${message.broken}`, message.why);
  }

  #tell(what: string, value = ''): void {
    this.#waiting.get(what)?.(value);
    this.#waiting.delete(what);
  }

  #heard(what: string): Promise<string> {
    return new Promise((resolve) => this.#waiting.set(what, resolve));
  }

  #within(milliseconds: number, what: string): Promise<boolean> {
    const tooLate = new Promise<false>((resolve) => setTimeout(resolve, milliseconds, false));
    return Promise.race([this.#heard(what).then(() => true), tooLate]);
  }
}
