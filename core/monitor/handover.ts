// Datasets on their way from the checks of the mirror and of the export's version to the comparison
// of files: each goes on as soon as both are through with it. GitHub may be asked ten times a second;
// the listings need not wait until it has been asked about the last dataset.

export interface Handover {
  /** One check is through with a dataset, whatever came of it. */
  pass(dataset: string): void;
  /** No more will be passed; what has been is still handed on. */
  end(): void;
  /** Each dataset once all checks have passed it, in that order; to one of those who ask. */
  readonly datasets: AsyncIterableIterator<string>;
}

/** @param checks how many have to pass a dataset */
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
