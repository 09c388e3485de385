// Passes datasets from the checks of the mirror and of the export's version to the file comparison.
// A dataset goes on as soon as both checks have finished it. GitHub allows ten requests a second;
// the listings need not wait for its last dataset.

export interface Handover {
  /** One check has finished a dataset, with any result. */
  pass(dataset: string): void;
  /** No more will be passed; earlier ones are still handed on. */
  end(): void;
  /** Each dataset once all checks have passed it, in that order; each goes to one consumer. */
  readonly datasets: AsyncIterableIterator<string>;
}

/** @param checks how many checks must pass a dataset */
export function createHandover(checks: number): Handover {
  const passes = new Map<string, number>();
  const ready: string[] = [];
  let ended = false;
  let wake = (): void => {};

  async function* datasets(): AsyncGenerator<string> {
    for (let place = 0; ; ) {
      if (place < ready.length) yield ready[place++] as string;
      else if (ended) return;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  }

  return {
    pass(dataset) {
      const count = (passes.get(dataset) ?? 0) + 1;
      passes.set(dataset, count);
      if (count !== checks) return;
      ready.push(dataset);
      wake();
    },
    end() {
      ended = true;
      wake();
    },
    datasets: datasets(),
  };
}
