// Divides the datasets into shares of equal expected cost, for parallel workers.

/** The cost of one dataset, in any unit. */
export interface Cost {
  readonly dataset: string;
  readonly cost: number;
  /** It killed its last worker, so it gets one for itself. */
  readonly isKiller?: boolean;
}

export interface Shares {
  /** Cost of a share that justifies a worker of its own. */
  readonly target: number;
  /** The maximum number of shares, without those of single killers. */
  readonly most: number;
}

/** With more killers than this, the workers are at fault, not the datasets. */
const MOST_ALONE = 100;

/**
 * Assigns the heaviest first, each to the lightest share so far. The same input gives the same
 * shares. Within a share the heaviest comes first, so that it does not run alone at the end. Killers
 * come last, each in a share of its own.
 */
export function balance(costs: readonly Cost[], shares: Shares): string[][] {
  const killers = costs.flatMap(({ dataset, isKiller }) => (isKiller ? [dataset] : []));
  const alone = new Set(killers.sort().slice(0, MOST_ALONE));
  const others = costs.filter(({ dataset }) => !alone.has(dataset));
  return [...ofEqualCost(others, shares), ...Array.from(alone, (dataset) => [dataset])];
}

function ofEqualCost(costs: readonly Cost[], { target, most }: Shares): string[][] {
  if (costs.length === 0) return [];
  const total = costs.reduce((sum, { cost }) => sum + cost, 0);
  const wanted = Math.min(most, costs.length, Math.ceil(total / target));
  const shares = Array.from({ length: Math.max(1, wanted) }, () => ({
    cost: 0,
    datasets: [] as string[],
  }));
  const heaviestFirst = [...costs].sort(
    (a, b) => b.cost - a.cost || (a.dataset < b.dataset ? -1 : 1),
  );
  for (const { dataset, cost } of heaviestFirst) {
    const lightest = shares.reduce((best, share) => (share.cost < best.cost ? share : best));
    lightest.cost += cost;
    lightest.datasets.push(dataset);
  }
  return shares.map(({ datasets }) => datasets);
}

/** Keys in a page of a listing: the result of one request (docs/checks.md#files). */
const KEYS_A_PAGE = 1000;
/**
 * Requests for a dataset besides its listing: reading the last results and writing the new ones.
 */
const REQUESTS_ASIDE = 2;
/** Used for a dataset that was never counted: p90 of the real archive. */
const FILES_IF_UNKNOWN = 7_000;

/** Expected number of requests to compare a dataset's files. */
export function filesCost(files: number | null | undefined): number {
  return REQUESTS_ASIDE + Math.ceil((files ?? FILES_IF_UNKNOWN) / KEYS_A_PAGE);
}
