// The clock of the HTTP client; passed in, so that tests do not wait.

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
  /** Calls once, after so many milliseconds. */
  after(milliseconds: number, call: () => void): Timer;
  /** Calls repeatedly, each time after so many milliseconds. */
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
