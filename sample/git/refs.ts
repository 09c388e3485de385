// What a repository's refs look like on the wire: ls-refs of protocol v2 (gitprotocol-v2(5)) and
// the advertisement of v0 (gitprotocol-pack(5)).

import { FLUSH, packet } from './pkt-line.ts';
import { peel, type SampleRepository } from './repository.ts';

export const AGENT = 'git/mirrorwatch-sample';

const NO_OBJECT = '0'.repeat(40);

/** What v0 clients may ask of a fetch. */
const CAPABILITIES = [
  'thin-pack',
  'side-band-64k',
  'ofs-delta',
  'shallow',
  'no-progress',
  'include-tag',
  'allow-tip-sha1-in-want',
  'allow-reachable-sha1-in-want',
  'filter',
  'object-format=sha1',
  `agent=${AGENT}`,
];

interface Ref {
  readonly name: string;
  readonly oid: string;
  /** The commit behind an annotated tag. */
  readonly peeled: string | undefined;
  /** The branch behind HEAD. */
  readonly symref: string | undefined;
}

/** HEAD where it resolves, then all refs by the bytes of their names. */
function refsOf(repository: SampleRepository): Ref[] {
  const { head, branches, tags } = repository;
  const refs: Ref[] = [];
  for (const [branch, oid] of branches) {
    refs.push({ name: `refs/heads/${branch}`, oid, peeled: undefined, symref: undefined });
  }
  for (const [tag, oid] of tags) {
    const commit = peel(repository, oid)?.oid;
    const peeled = commit === oid ? undefined : commit;
    refs.push({ name: `refs/tags/${tag}`, oid, peeled, symref: undefined });
  }
  refs.sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  const oid = head === null ? undefined : branches.get(head);
  if (oid !== undefined) {
    refs.unshift({ name: 'HEAD', oid, peeled: undefined, symref: `refs/heads/${head}` });
  }
  return refs;
}

/** The answer to `info/refs` under protocol v2. */
export function advertiseV2(): Buffer {
  return Buffer.concat([
    ...serviceHeader(),
    packet('version 2\n'),
    packet(`agent=${AGENT}\n`),
    packet('ls-refs=unborn\n'),
    packet('fetch=shallow filter\n'),
    packet('object-format=sha1\n'),
    FLUSH,
  ]);
}

/**
 * The answer to `info/refs` without protocol v2: the refs themselves.
 * @param cutAfter the number of refs after which the list ends without its flush packet
 */
export function advertiseV0(repository: SampleRepository, cutAfter?: number): Buffer {
  const refs = refsOf(repository);
  const symref = refs.flatMap(({ name, symref }) => (symref ? [`symref=${name}:${symref}`] : []));
  const capabilities = [...CAPABILITIES, ...symref].join(' ');
  const shown = refs.slice(0, cutAfter).map(({ name, oid, peeled }, i) => {
    const line = packet(`${oid} ${name}${i === 0 ? `\0${capabilities}` : ''}\n`);
    return peeled ? Buffer.concat([line, packet(`${peeled} ${name}^{}\n`)]) : line;
  });
  if (refs.length === 0) shown.push(packet(`${NO_OBJECT} capabilities^{}\0${capabilities}\n`));
  return Buffer.concat([...serviceHeader(), ...shown, ...end(cutAfter)]);
}

function serviceHeader(): Buffer[] {
  return [packet('# service=git-upload-pack\n'), FLUSH];
}

/**
 * The answer to `command=ls-refs` with these arguments.
 * @param cutAfter the number of refs after which the list ends without its flush packet
 */
export function listRefs(
  repository: SampleRepository,
  args: readonly string[],
  cutAfter?: number,
): Buffer {
  const prefixes = args.flatMap((arg) => (arg.startsWith('ref-prefix ') ? [arg.slice(11)] : []));
  const asked = (name: string): boolean =>
    prefixes.length === 0 || prefixes.some((prefix) => name.startsWith(prefix));
  const lines = refsOf(repository)
    .filter(({ name }) => asked(name))
    .map(({ name, oid, peeled, symref }) => {
      const target = symref && args.includes('symrefs') ? ` symref-target:${symref}` : '';
      const commit = peeled && args.includes('peel') ? ` peeled:${peeled}` : '';
      return `${oid} ${name}${target}${commit}\n`;
    });
  const { head, branches } = repository;
  if (head !== null && !branches.has(head) && args.includes('unborn') && asked('HEAD')) {
    const target = args.includes('symrefs') ? ` symref-target:refs/heads/${head}` : '';
    lines.unshift(`unborn HEAD${target}\n`);
  }
  return Buffer.concat([...lines.slice(0, cutAfter).map(packet), ...end(cutAfter)]);
}

function end(cutAfter: number | undefined): Buffer[] {
  return cutAfter === undefined ? [FLUSH] : [];
}
