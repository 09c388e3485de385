// What the end of a run needs of a deployment, for tests in one process: a site over a store, and a
// list of the mails.

import type { Store } from '../../core/monitor/store.ts';
import type { Mail } from '../../lambdas/problems.ts';
import type { Tools } from '../../lambdas/steps/tools.ts';

export type TestDeployment = Tools['deployment'] & { readonly mails: Mail[] };

const PAGE = '<script type="module" src="assets/page.js"></script>';

export function testDeployment(store: Pick<Store, 'readDocument'>): TestDeployment {
  const mails: Mail[] = [];
  const answer = async (path: string): Promise<readonly [string | null, string]> => {
    if (path === '' || path.startsWith('dataset.html')) return ['text/html', PAGE];
    if (path === 'assets/page.js') return ['text/javascript', 'render();'];
    const document = await store.readDocument(path.replace(/^data\//, ''));
    return document === undefined ? [null, ''] : ['application/json', JSON.stringify(document)];
  };
  return {
    name: 'Test',
    mails,
    tell: async (mail) => {
      mails.push(mail);
    },
    visit: async (path) => {
      const [type, text] = await answer(path);
      return { status: type === null ? 404 : 200, type, body: Buffer.from(text) };
    },
    pause: async () => {},
    notifiers: [],
  };
}
