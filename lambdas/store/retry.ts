// Conditional writes, tried again while other writers are quicker.

/** More tries than there can be concurrent writers for one dataset. */
const TRIES = 100;

/** Calls an attempt until it is not null, with a pause between. */
export const retrying =
  (pause: () => Promise<void>) =>
  async <T>(attempt: () => Promise<T | null>): Promise<T> => {
    for (let nth = 0; nth < TRIES; nth += 1) {
      const outcome = await attempt();
      if (outcome !== null) return outcome;
      await pause();
    }
    throw new Error(`other writers were quicker ${TRIES} times`);
  };

/** @see retrying */
export type Retrying = ReturnType<typeof retrying>;
