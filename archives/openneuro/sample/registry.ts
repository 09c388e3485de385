// The registry of the sample archive: GraphQL over the schema that the real one has for datasets
// (docs/checks.md#registry), executed by graphql-js.

import { buildSchema, type ExecutionResult, GraphQLError, graphql } from 'graphql';
import { REGISTRY_SCHEMA } from '../registry-schema.ts';
import type { SampleArchive, SampleDataset, SampleLeftover } from './archive.ts';

const SCHEMA = buildSchema(REGISTRY_SCHEMA);

export interface RegistryQuestion {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
}

export interface RegistryOptions {
  /** The most datasets on a page, whatever the request says (the real one: 100). */
  readonly pageSizeLimit: number;
  /** Datasets whose edge is null in this one answer, besides those that are always broken. */
  readonly nullEdge?: (datasetId: string) => boolean;
}

interface PageArguments {
  first: number;
  after?: string | null;
  orderBy?: { created?: 'ascending' | 'descending'; name?: 'ascending' | 'descending' };
}

/** The cursor is an encoded offset, as in the real one: a deletion while paging shifts items. */
function cursorOf(offset: number): string {
  return Buffer.from(JSON.stringify({ offset })).toString('base64');
}

/** @throws for an invalid cursor; the answer then says so under `errors`. */
function offsetOf(cursor: string): number {
  const { offset } = JSON.parse(Buffer.from(cursor, 'base64').toString()) as { offset: unknown };
  if (typeof offset !== 'number' || !Number.isInteger(offset) || offset < 0) {
    throw new Error(`Invalid cursor: ${cursor}`);
  }
  return offset;
}

function shownDataset(dataset: SampleDataset) {
  const snapshots = async () =>
    (await dataset.snapshots()).map((snapshot) => ({
      id: `${dataset.id}:${snapshot.tag}`,
      ...snapshot,
      deprecated: snapshot.deprecated && {
        id: `${dataset.id}:${snapshot.tag}`,
        ...snapshot.deprecated,
      },
    }));
  return {
    id: dataset.id,
    name: dataset.name,
    created: dataset.created,
    publishDate: dataset.publishDate ?? null,
    public: true,
    snapshots,
    latestSnapshot: async () => (await snapshots()).at(-1) ?? null,
  };
}

function shownEdge(dataset: SampleDataset, offset: number, nullEdge: boolean) {
  const broken = () => {
    throw new Error(`Cannot read snapshots of ${dataset.id}`);
  };
  if (nullEdge || dataset.broken === 'edge') {
    // A rejected item makes this edge null and adds an error; its neighbours stay.
    return new Error(`Cannot read dataset ${dataset.id}`);
  }
  return {
    id: dataset.id,
    cursor: cursorOf(offset),
    node: dataset.broken === 'node' ? broken : () => shownDataset(dataset),
  };
}

/**
 * Why an anonymous reader does not get a dataset, in the words of the real server. Only a deletion
 * that names another dataset carries a code.
 */
function notShown(id: string, leftover: SampleLeftover | undefined): GraphQLError {
  const state = leftover?.state ?? { kind: 'unknown' };
  switch (state.kind) {
    case 'deleted': {
      const { reason, redirect } = state;
      return new GraphQLError(`Dataset ${id} has been deleted. Reason: ${reason}.`, {
        ...(redirect === undefined ? {} : { extensions: { code: 'DELETED_DATASET', redirect } }),
      });
    }
    case 'private':
      return new GraphQLError('You do not have access to read this dataset.');
    case 'unknown':
      return new GraphQLError(`Dataset ${id} does not exist.`);
  }
}

function ordered(datasets: readonly SampleDataset[], orderBy: PageArguments['orderBy']) {
  const text = (dataset: SampleDataset) => (orderBy?.name ? (dataset.name ?? '') : dataset.created);
  // A stable sort: equal ones keep the archive's order.
  const sorted = datasets.toSorted((a, b) => (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0));
  return (orderBy?.name ?? orderBy?.created) === 'descending' ? sorted.reverse() : sorted;
}

/** Answers a GraphQL query about the archive; a page costs only the datasets on it. */
export function askRegistry(
  archive: SampleArchive,
  question: RegistryQuestion,
  { pageSizeLimit, nullEdge = () => false }: RegistryOptions,
): Promise<ExecutionResult> {
  const rootValue = {
    datasets({ first, after, orderBy }: PageArguments) {
      const offset = after ? offsetOf(after) : 0;
      const size = Math.max(0, Math.min(first, pageSizeLimit));
      const page = ordered(archive.datasets, orderBy).slice(offset, offset + size);
      const end = offset + page.length;
      return {
        edges: page.map((dataset, place) =>
          shownEdge(dataset, offset + place + 1, nullEdge(dataset.id)),
        ),
        pageInfo: {
          hasNextPage: end < archive.datasets.length,
          hasPreviousPage: offset > 0,
          startCursor: cursorOf(offset),
          endCursor: cursorOf(end),
          first: size,
          count: archive.datasets.length,
        },
      };
    },
    async snapshot({ datasetId, tag }: { datasetId: string; tag: string }) {
      const dataset = archive.datasets.find(({ id }) => id === datasetId);
      const snapshots = dataset ? await shownDataset(dataset).snapshots() : [];
      return snapshots.find((snapshot) => snapshot.tag === tag) ?? null;
    },
    dataset({ id }: { id: string }) {
      const dataset = archive.datasets.find((candidate) => candidate.id === id);
      if (dataset) return shownDataset(dataset);
      throw notShown(
        id,
        archive.leftovers?.find((leftover) => leftover.id === id),
      );
    },
  };
  return graphql({
    schema: SCHEMA,
    source: question.query,
    rootValue,
    variableValues: question.variables ?? null,
    operationName: question.operationName ?? null,
  });
}
