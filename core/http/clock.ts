// Time as the HTTP client needs it: passed in, so that tests wait for nothing.

export interface Timer {
  /** Restarts its time. */
  restart(): void;
  cancel(): void;
}

export interface Clock {
  /** Milliseconds since the epoch; never goes back. */
  now(): number;
  /** @throws when the signal is aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Calls once, so many milliseconds from now. */
  after(milliseconds: number, call: () => void): Timer;
  /** Calls again and again, each time after so many milliseconds. */
  every(milliseconds: number, call: () => void): Pick<Timer, 'cancel'>;
}

export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const abandon = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', abandon);
        resolve();
      }, milliseconds);
      signal?.addEventListener('abort', abandon, { once: true });
    }),
  after(milliseconds, call) {
    const timer = setTimeout(call, milliseconds);
    return { restart: () => void timer.refresh(), cancel: () => clearTimeout(timer) };
  },
  every(milliseconds, call) {
    const timer = setInterval(call, milliseconds);
    return { cancel: () => clearInterval(timer) };
  },
};
