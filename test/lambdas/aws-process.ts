// Processes that share one in-memory cloud, each delayed or failing where a test wants it.

import { openneuro } from '../../archives/openneuro/index.ts';
import { type AwsStoreOptions, openAwsStore } from '../../lambdas/aws-store.ts';
import { PREFIXES } from '../../lambdas/names.ts';
import { githubDocument } from '../store/documents.ts';
import type { Call, FakeCloud, Hooks } from '../support/aws/cloud.ts';
import { checkPath } from '../support/documents.ts';

export const ID = 'ds000001';
export const PATH = checkPath('github', ID);
export const DOCUMENT_KEY = `${PREFIXES.data}${PATH}`;
export const evidence = (head: string) => ({ path: PATH, value: githubDocument(head) });

/** A process with its own store; it waits for nobody. */
export function open(cloud: FakeCloud, hooks: Hooks = {}, options: Partial<AwsStoreOptions> = {}) {
  const { bucket, table } = cloud;
  const pause = async () => {};
  return openAwsStore({
    archive: openneuro,
    ...cloud.clients(hooks),
    bucket,
    table,
    pause,
    ...options,
  });
}

/** Names of the commands in order, and a hook that runs once before one of them. */
export function watching(name: string, act: () => Promise<unknown> | unknown) {
  const calls: string[] = [];
  let done = false;
  const before = async (call: Call) => {
    const called = nameOf(call);
    calls.push(called);
    if (called !== name || done) return;
    done = true;
    await act();
  };
  return { calls, before };
}

/** `Announce`: a Put that says that the document of a record is about to change. */
const nameOf = ({ name, input }: Call): string =>
  name === 'Put' && (input.Item as { changing?: string }).changing !== undefined
    ? 'Announce'
    : name;

export const headOf = (cloud: FakeCloud): string =>
  JSON.parse(cloud.objects.get(DOCUMENT_KEY)?.bytes.toString() ?? '{}').head;
