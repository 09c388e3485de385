// DataCite of the sample archive: every version has a findable DOI that leads to it, unless its
// dataset says otherwise for the latest version.

import { jsonAnswer, type Route } from '../../../sample/route.ts';
import type { SampleDataset } from './archive.ts';

const DOI = /^\/(10\.18112\/openneuro\.([^./]+)\.v([^/]+))$/;

export function doiRoute(
  base: string,
  datasetOf: (id: string) => SampleDataset | undefined,
): Route {
  return ({ path }) => {
    const [, doi, id, tag] =
      (path.startsWith(`${base}/`) && DOI.exec(decodeURI(path.slice(base.length)))) || [];
    if (doi === undefined || id === undefined || tag === undefined) return undefined;
    return {
      kind: 'doi',
      dataset: id,
      answer: async () => {
        const dataset = datasetOf(id);
        const snapshots = (await dataset?.snapshots()) ?? [];
        const isLatest = snapshots.at(-1)?.tag === tag;
        const told = (isLatest ? dataset?.doi : undefined) ?? {};
        if (told === 'missing' || !snapshots.some((one) => one.tag === tag)) {
          const title = "The resource you are looking for doesn't exist.";
          return jsonAnswer(404, { errors: [{ status: '404', title }] });
        }
        const url = `https://openneuro.org/datasets/${id}/versions/${tag}`;
        const attributes = { doi, state: 'findable', url, ...told };
        return jsonAnswer(200, { data: { id: doi, type: 'dois', attributes } });
      },
    };
  };
}
