// Ctrl-C: the first one ends the run gently, the second one at once. Files on disk are complete in
// both cases.

export interface Interrupt {
  readonly signal: AbortSignal;
  /** Gives signal handling back to the system. */
  close(): void;
}

/** Exit code after Ctrl-C: 128 plus the number of SIGINT. */
export const INTERRUPTED = 130;

export function onInterrupt(say: (text: string) => void): Interrupt {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    say(
      'Stopping: finishing what is being written; the next run continues from here. Ctrl-C again stops at once.',
    );
    controller.abort(new Error('interrupted'));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return {
    signal: controller.signal,
    close() {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
    },
  };
}
