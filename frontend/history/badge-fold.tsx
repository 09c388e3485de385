// The badge of a dataset, and texts that show it on other pages.

import { useState } from 'preact/hooks';
import { badgePath } from '../../core/history/paths.ts';
import { DATA } from '../shared/catalogue.ts';
import { copy } from '../shared/clipboard.ts';
import { datasetAddress } from '../shared/summary.ts';

/** Its content is made when it is opened. */
export function BadgeFold({ id }: { readonly id: string }) {
  const [isOpen, open] = useState(false);
  return (
    <details class="badge-fold" onToggle={(event) => open(event.currentTarget.open)}>
      <summary>Badge</summary>
      {isOpen && <Forms id={id} />}
    </details>
  );
}

function Forms({ id }: { readonly id: string }) {
  const picture = DATA + badgePath(id, 'svg');
  const src = new URL(picture, location.href).href;
  const href = new URL(datasetAddress(id), location.href).href;
  const alt = `copies of ${id}`;
  const forms = [
    ['Markdown', `[![${alt}](${src})](${href})`],
    ['HTML', `<a href="${href.replaceAll('&', '&amp;')}"><img src="${src}" alt="${alt}"></a>`],
    ['reStructuredText', `.. image:: ${src}\n   :target: ${href}\n   :alt: ${alt}`],
  ] as const;
  return (
    <>
      <p>
        <img src={picture} alt={alt} height={20} />
      </p>
      {forms.map(([name, text]) => (
        <div key={name} class="command">
          <p>
            <b>{name}</b>
          </p>
          <pre tabIndex={0}>
            <code>{text}</code>
          </pre>
          <button
            type="button"
            aria-label={`Copy as ${name}`}
            onClick={() => copy(text, `${name} copied.`)}
          >
            Copy
          </button>
        </div>
      ))}
    </>
  );
}
