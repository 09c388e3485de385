// What the address says of the difference viewer, and the address of what it shows:
// `?id=ds005810&folder=sub-01/anat#differences`, `&paths=.nii.gz&form=list`.

interface Asked {
  /** A search. */
  readonly paths: string;
  /** An open folder. */
  readonly folder: string;
  readonly form: 'tree' | 'list';
}

const EMPTY: Asked = { paths: '', folder: '', form: 'tree' };
/** Browsers allow some hundred changes of the address a minute; a person types faster. */
const SETTLED = 300;

const query = new URLSearchParams(globalThis.location?.search);
let shown: Asked = {
  paths: query.get('paths') ?? EMPTY.paths,
  folder: query.get('folder') ?? EMPTY.folder,
  form: query.get('form') === 'list' ? 'list' : 'tree',
};

export const askedAtFirst = shown;
/** Whether the address leads to a place in the lists, so that they are loaded unasked. */
export const leadsToLists = shown.paths !== '' || shown.folder !== '' || shown.form !== 'tree';

let timer: ReturnType<typeof setTimeout> | undefined;

export function showInAddress(change: Partial<Asked>): void {
  shown = { ...shown, ...change };
  clearTimeout(timer);
  timer = setTimeout(() => history.replaceState(history.state, '', addressShown()), SETTLED);
}

export function addressShown(): string {
  const address = new URL(location.href);
  for (const [name, value] of Object.entries(shown)) {
    if (value === EMPTY[name as keyof Asked]) address.searchParams.delete(name);
    else address.searchParams.set(name, value);
  }
  address.hash = 'differences';
  return address.href;
}
