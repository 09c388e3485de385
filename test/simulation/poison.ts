// Datasets that kill whoever asks for their copies.

import type { Sources } from './sources.ts';
import type { Trouble } from './story.ts';

/** The sources of one process. @param die ends the process */
export function deadly(
  sources: Sources,
  troubles: readonly Trouble[],
  die: () => void,
): Pick<Sources, 'registry' | 'mirror' | 'export' | 'dois'> {
  const poison = troubles.flatMap((it) => (it.kind === 'poison' ? [it.dataset] : []));
  if (poison.length === 0) return sources;
  const guarded = <T extends object>(source: T): T =>
    new Proxy(source, {
      get(_, name) {
        const ask: unknown = Reflect.get(source, name);
        if (typeof ask !== 'function') return ask;
        return (dataset: string, ...rest: unknown[]) => {
          if (poison.includes(dataset)) {
            die();
            throw new Error('the process is dead');
          }
          return ask.call(source, dataset, ...rest);
        };
      },
    });
  return { ...sources, mirror: guarded(sources.mirror), export: guarded(sources.export) };
}
