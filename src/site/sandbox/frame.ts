/**
 * What runs in the sandboxed frame: it takes the grading script once, from its parent, and starts and stops workers of it.
 * It never sees a result: a run's own port goes straight through to its worker, and it listens to no worker's messages.
 *
 * Not a module: policy.ts strips the types and puts the text into the frame's document, hashed in both policies.
 */

addEventListener('message', function first(event: MessageEvent<string>): void {
  const control = event.ports[0];
  if (event.source !== parent || !control) return;
  removeEventListener('message', first);
  const script = URL.createObjectURL(new Blob([event.data], { type: 'text/javascript' }));
  const workers = new Map<number, Worker>();

  const start = (run: number, ports: readonly MessagePort[]): void => {
    const isBroken = (why: string) => control.postMessage({ broken: run, why: why || 'the worker did not start' });
    try {
      const worker = new Worker(script);
      worker.onerror = (error) => isBroken(error.message);
      worker.postMessage(null, [...ports]);
      workers.set(run, worker);
    } catch (error) {
      // Where a policy forbids workers, some browsers say so here.
      isBroken(String(error));
    }
  };

  const stop = (run: number): void => {
    workers.get(run)?.terminate();
    workers.delete(run);
    control.postMessage({ stopped: run });
  };

  control.onmessage = ({ data, ports }: MessageEvent<{ start?: number; stop?: number }>): void => {
    if (data.start !== undefined) start(data.start, ports);
    if (data.stop !== undefined) stop(data.stop);
  };
  control.postMessage({ ready: true });
});
