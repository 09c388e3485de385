// XML as a strict parser reads it.

import { SaxesParser, type SaxesTagNS } from 'saxes';

export interface Element {
  /** Without a prefix. */
  readonly name: string;
  readonly namespace: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  /** Of the element itself, not of its children. */
  text: string;
}

/** @throws for whatever is not well-formed, or uses a character that XML 1.0 does not allow */
export function parseXml(text: string): Element {
  const parser = new SaxesParser({ xmlns: true, position: false });
  const open: Element[] = [];
  let root: Element | undefined;
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ local, uri, attributes }: SaxesTagNS) => {
    const values = Object.values(attributes).map(({ name, value }) => [name, value]);
    const element: Element = {
      ...{ name: local, namespace: uri, attributes: Object.fromEntries(values) },
      ...{ children: [], text: '' },
    };
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  parser.on('text', (said) => {
    const element = open.at(-1);
    if (element) element.text += said;
  });
  parser.on('closetag', () => {
    open.pop();
  });
  parser.write(text).close();
  if (root === undefined) throw new Error('no element');
  return root;
}

/** An element with all below it. */
export const elementsOf = (element: Element): Element[] => [
  element,
  ...element.children.flatMap(elementsOf),
];
