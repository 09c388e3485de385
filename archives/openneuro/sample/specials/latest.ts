// Datasets for the checks of the latest version alone: docs/checks.md#doi and #deprecation.

import { oneTag, type Special } from './changes.ts';
import { HOSTILE_NAME } from './hostile.ts';

export const LATEST: readonly Special[] = [
  {
    rule: '#doi: DataCite shows no DOI of the latest version',
    options: oneTag,
    change: (plan) => {
      plan.doi = 'missing';
    },
    expect: () => ({ status: 'warning', doi: { status: 'warning', subtype: 'doi-missing' } }),
  },
  {
    rule: '#doi: the DOI is registered, and not findable',
    options: oneTag,
    change: (plan) => {
      plan.doi = { state: 'registered' };
    },
    expect: () => ({ status: 'warning', doi: { status: 'warning', subtype: 'doi-draft' } }),
  },
  {
    rule: '#doi: the DOI leads to another version',
    options: oneTag,
    change: (plan) => {
      plan.doi = { url: `https://openneuro.org/datasets/${plan.id}/versions/0.9.0` };
    },
    expect: () => ({ status: 'warning', doi: { status: 'warning', subtype: 'doi-elsewhere' } }),
  },
  {
    rule: '#doi: the same address in other letters, over http and with a slash at the end',
    options: oneTag,
    change: (plan) => {
      plan.doi = { url: `http://OpenNeuro.org/datasets/${plan.id}/versions/1%2E0.0/` };
    },
    expect: () => ({}),
  },
  {
    rule: '#deprecation: the latest version is deprecated, with a hostile reason',
    options: oneTag,
    change: (plan) => {
      plan.registry.deprecated = HOSTILE_NAME;
    },
    expect: () => ({
      status: 'warning',
      deprecated: { status: 'warning', subtype: 'deprecated' },
    }),
  },
];
