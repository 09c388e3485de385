// Who follows the archive hears of a fault from the deployed stack: by the topic, by feeds, and by a
// badge. The bucket is served as CloudFront would.

import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Summary } from '../../archives/openneuro/legacy/summary.ts';
import type { SampleArchive } from '../../archives/openneuro/sample/archive.ts';
import type { Notices } from '../../core/history/documents.ts';
import { archiveFeedPath, badgePath, feedPath, NOTICES_PATH } from '../../core/history/paths.ts';
import { type Element, elementsOf, parseXml } from '../support/xml.ts';
import type { Deployment } from './deployment.ts';
import { type Front, startFront } from './front.ts';
import { type Mailbox, openMailbox } from './mailbox.ts';

const MIRRORS = { stages: ['check-github' as const, 'summarize' as const] };
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * @param world what the deployment watches; it is as before when the tests are over
 * @param deploy deploys again, with the address of the site
 */
export function changesTests(
  deployed: () => Deployment,
  world: () => SampleArchive,
  deploy: (siteUrl: string) => Promise<unknown>,
): void {
  let front: Front;
  let mailbox: Mailbox;
  let id: string;
  let heal: () => void;

  beforeAll(async () => {
    const { s3, outputs } = deployed();
    front = await startFront(s3, outputs.BucketName);
    await deploy(front.url);
    mailbox = await openMailbox('followers', outputs.ChangesTopicArn);
  });
  afterAll(async () => {
    heal?.();
    await front?.close();
  });

  const runs = async () => {
    const { cause } = await deployed().run(MIRRORS);
    expect(cause).toBeUndefined();
  };
  const served = async (path: string) => {
    const answer = await fetch(`${front.url}data/${path}`);
    return { text: await answer.text(), type: answer.headers.get('content-type') };
  };
  const titles = async (path: string) => {
    const { text, type } = await served(path);
    expect(type).toBe('application/atom+xml; charset=utf-8');
    return elementsOf(parseXml(text) as Element).flatMap(({ name, text: said }) =>
      name === 'title' ? [said] : [],
    );
  };

  /** Nobody waits for a day here: the run that saw the fault first was one earlier. */
  async function dayPasses(): Promise<void> {
    const { s3, outputs, read } = deployed();
    const Key = `data/${NOTICES_PATH}`;
    const notices: Notices = JSON.parse(await read.call(deployed(), Key));
    const own = notices.datasets[id];
    expect(own?.since).toBeDefined();
    const since = new Date(Date.parse(own?.since as string) - DAY_MS).toISOString();
    const datasets = { ...notices.datasets, [id]: { ...own, since } };
    await s3.send(
      new PutObjectCommand({
        Bucket: outputs.BucketName,
        Key,
        Body: JSON.stringify({ ...notices, datasets }),
        ContentType: 'application/json; charset=utf-8',
      }),
    );
  }

  test('a mirror that is gone for two runs a day apart is told by topic, feeds and badge', async () => {
    const { datasets } = JSON.parse(await deployed().read('data/all-datasets.json'));
    // Of a new one the mirror may be on its way, and one that was away is new.
    const isOld = (at: string) => Date.parse(at) < Date.now() - 100 * DAY_MS;
    id = (datasets as Summary['datasets']).findLast(
      ({ status, latestSnapshotDate: at }) => status === 'ok' && at !== null && isOld(at),
    )?.id as string;
    const place = world().datasets.findIndex((one) => one.id === id);
    const whole = world().datasets[place] as SampleArchive['datasets'][number];
    heal = () => world().datasets.splice(place, 1, whole);
    world().datasets.splice(place, 1, { ...whole, mirror: async () => undefined });

    await runs();
    expect(await mailbox.mails()).toEqual([]);
    expect(await titles(archiveFeedPath({ id: 'openneuro' }))).not.toContain(
      expect.stringContaining(id),
    );
    await dayPasses();
    await runs();

    const [mail, ...others] = await mailbox.mails();
    expect(others).toEqual([]);
    expect(mail).toMatchObject({
      subject: 'Mirrorwatch OpenNeuro: 1 new fault',
      attributes: { archive: 'openneuro', kind: 'changes', worst: 'error' },
    });
    expect(mail?.text).toContain(`${id}: mirror missing`);
    expect(mail?.text).toContain(`${front.url}dataset.html?id=${id}`);
    expect((await titles(archiveFeedPath({ id: 'openneuro' })))[1]).toBe(`${id}: mirror missing`);
    expect((await titles(feedPath(id)))[1]).toBe(`${id}: mirror missing`);
    const badge = await served(badgePath(id, 'svg'));
    expect(badge.type).toBe('image/svg+xml');
    expect(badge.text).toContain('aria-label="copies: mirror missing"');
  });

  test('a dataset that returned is reported after one run', async () => {
    heal();
    await runs();
    expect(await mailbox.mails()).toMatchObject([
      {
        subject: 'Mirrorwatch OpenNeuro: 1 fixed',
        attributes: { kind: 'changes', worst: 'ok' },
      },
    ]);
    expect((await titles(feedPath(id)))[1]).toBe(`${id}: fixed (GitHub mirror)`);
    expect((await served(badgePath(id, 'svg'))).text).toContain('aria-label="copies: in step"');
  });
}
