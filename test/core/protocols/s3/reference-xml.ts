// A slow, plain XML reader to judge the fast one by: character by character into a tree. It knows
// elements, attributes, text and entities, and refuses the rest.

export interface XmlElement {
  readonly name: string;
  readonly children: readonly XmlElement[];
  /** All direct text, entities resolved. */
  readonly text: string;
}

const ENTITIES = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** @throws Error if the bytes are not UTF-8 or not a well-formed document. */
export function parseXml(bytes: Buffer): XmlElement {
  const chars = [...new TextDecoder('utf-8', { fatal: true }).decode(bytes)];
  let at = 0;

  const fail = (what: string): never => {
    throw new Error(`${what} at ${at}`);
  };
  const isSpace = (char: string | undefined) => char !== undefined && ' \t\r\n'.includes(char);
  const space = (): number => {
    const start = at;
    while (isSpace(chars[at])) at++;
    return at - start;
  };
  const take = (text: string): void => {
    for (const char of text) if (chars[at++] !== char) fail(`no ${text}`);
  };
  const next = (text: string) => [...text].every((char, offset) => chars[at + offset] === char);
  const name = (): string => {
    let found = '';
    while (/[A-Za-z0-9_.:-]/.test(chars[at] ?? '')) found += chars[at++];
    return /^[A-Za-z_]/.test(found) ? found : fail('no name');
  };
  const entity = (): string => {
    take('&');
    let found = '';
    while (at < chars.length && chars[at] !== ';') found += chars[at++];
    take(';');
    const known = ENTITIES.get(found);
    if (known !== undefined) return known;
    const code = /^#(x[0-9a-fA-F]+|[0-9]+)$/.exec(found)?.[1] ?? fail('no entity');
    const point = Number(code.startsWith('x') ? `0${code}` : code);
    if (point === 0 || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
      fail('no character');
    return String.fromCodePoint(point);
  };
  const character = (): string => {
    const char = chars[at++] ?? fail('no more');
    const code = char.codePointAt(0) as number;
    return code < 0x20 && !isSpace(char) ? fail('a control character') : char;
  };
  const attributes = (): void => {
    const seen = new Set<string>();
    for (let spaced = space(); !next('>') && !next('/') && !next('?'); spaced = space()) {
      const attribute = name();
      if (spaced === 0 || seen.has(attribute)) fail('no attribute');
      seen.add(attribute);
      space();
      take('=');
      space();
      const quote = next('"') ? '"' : "'";
      take(quote);
      while (!next(quote)) {
        if (next('<')) fail('a tag within an attribute');
        if (next('&')) entity();
        else character();
      }
      take(quote);
    }
  };
  const element = (): XmlElement => {
    take('<');
    const opened = name();
    attributes();
    if (next('/')) {
      take('/>');
      return { name: opened, children: [], text: '' };
    }
    take('>');
    const children: XmlElement[] = [];
    let text = '';
    while (!next('</')) {
      if (next('<')) children.push(element());
      else if (next('&')) text += entity();
      else text += character();
    }
    take('</');
    if (name() !== opened) fail('another closing tag');
    space();
    take('>');
    return { name: opened, children, text };
  };

  if (next('<?xml')) {
    take('<?xml');
    attributes();
    take('?>');
  }
  space();
  const root = element();
  space();
  if (at < chars.length) fail('more than one root');
  return root;
}
