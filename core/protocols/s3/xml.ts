// The small part of XML that S3's answers use: tags, text, entities. What S3 never sends (DOCTYPE,
// CDATA, comments, processing instructions) is a fault, not skipped. Text is latin1: one unit per
// byte of the UTF-8 document.

import { toBinary } from '../../compare/byte-order.ts';

/** Thrown and caught within core/protocols/s3: what is wrong with a document, and at which byte. */
export class XmlFault extends Error {
  override readonly name = 'XmlFault';
}

const BYTE_ORDER_MARK = '\xef\xbb\xbf';
const DECLARATION =
  /^<\?xml\s+version\s*=\s*(["'])1\.0\1(?:\s+encoding\s*=\s*(["'])(?:utf|UTF)-8\2)?(?:\s+standalone\s*=\s*(["'])(?:yes|no)\3)?\s*\?>/;
/** Longer than any declaration. */
const DECLARATION_LENGTH = 200;
const NAME = /^[A-Za-z_][A-Za-z0-9_.:-]*$/;
const ATTRIBUTE = /\s+([A-Za-z_][A-Za-z0-9_.:-]*)\s*=\s*(?:"[^"<&]*"|'[^'<&]*')/y;
/** Deeper than any answer of S3 (ListBucketResult, Contents, Owner, ID). */
const MAX_DEPTH = 16;
const NAMED_ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const SLASH = 0x2f;
const LESS = 0x3c;
const GREATER = 0x3e;

/**
 * Reads a document from its root element to its last byte. Every method moves past what it read,
 * and throws XmlFault if the document does not have what the method expects.
 */
export class XmlCursor {
  readonly #text: string;
  #at: number;
  /** The last tag was an empty element, so its closing tag is already read. */
  #empty = false;

  constructor(text: string) {
    this.#text = text;
    this.#at = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
    const declaration = DECLARATION.exec(text.slice(this.#at, this.#at + DECLARATION_LENGTH));
    this.#at += declaration?.[0].length ?? 0;
    this.space();
  }

  fault(what: string): XmlFault {
    return new XmlFault(`${what} at byte ${this.#at}`);
  }

  /** Skips white space. */
  space(): void {
    while (isSpace(this.#text.charCodeAt(this.#at))) this.#at++;
  }

  /** The match of a sticky expression here, moving past it; null if it does not match. */
  match(expression: RegExp): RegExpExecArray | null {
    if (this.#empty) return null;
    expression.lastIndex = this.#at;
    const match = expression.exec(this.#text);
    if (match) this.#at = expression.lastIndex;
    return match;
  }

  /** Bytes read so far. */
  get at(): number {
    return this.#at;
  }

  /** True after the last byte. */
  ended(): boolean {
    return this.#at >= this.#text.length;
  }

  /** An opening tag: the element's name. */
  open(): string {
    const start = this.#at + 1;
    const stop = this.#text.indexOf('>', start);
    if (this.#text.charCodeAt(this.#at) !== LESS || stop === -1) throw this.fault('no opening tag');
    this.#empty = this.#text.charCodeAt(stop - 1) === SLASH;
    const tag = this.#text.slice(start, this.#empty ? stop - 1 : stop);
    const name = NAME.test(tag) ? tag : this.#nameWithAttributes(tag);
    this.#at = stop + 1;
    return name;
  }

  /** True after the closing tag of `name`; false if there is no closing tag. */
  close(name: string): boolean {
    if (this.#empty) {
      this.#empty = false;
      return true;
    }
    const at = this.#at;
    const text = this.#text;
    if (text.charCodeAt(at) !== LESS || text.charCodeAt(at + 1) !== SLASH) return false;
    const end = at + 2 + name.length;
    if (!text.startsWith(name, at + 2) || text.charCodeAt(end) !== GREATER) {
      throw this.fault('a closing tag that closes nothing');
    }
    this.#at = end + 1;
    return true;
  }

  /** The rest of an element that holds only text, with entities unresolved. */
  rawText(name: string): string {
    const text = this.#run();
    if (!this.close(name)) throw this.fault(`an element within ${name}`);
    return text;
  }

  /** The rest of an element that holds only text. */
  text(name: string): string {
    const raw = this.rawText(name);
    // A parser would turn it into a line feed (XML 1.0, 2.11), so the sender cannot mean it.
    if (raw.includes('\r')) throw this.fault('a carriage return in a value');
    return this.resolve(raw);
  }

  /** The rest of an element, whatever it holds. */
  skip(name: string, depth = 0): void {
    if (depth > MAX_DEPTH) throw this.fault('elements too deep');
    for (;;) {
      this.resolve(this.#run());
      if (this.close(name)) return;
      this.skip(this.open(), depth + 1);
    }
  }

  /** A text with its entities resolved. */
  resolve(raw: string): string {
    if (!raw.includes('&')) return raw;
    return raw.replace(/&([^;&]*);?/g, (entity, name: string) => {
      const value = entity.endsWith(';') ? entityValue(name) : null;
      if (value === null) throw this.fault('an invalid entity');
      return value;
    });
  }

  /** Text up to the next tag. */
  #run(): string {
    if (this.#empty) return '';
    const stop = this.#text.indexOf('<', this.#at);
    if (stop === -1) throw this.fault('text without end');
    const run = this.#text.slice(this.#at, stop);
    this.#at = stop;
    return run;
  }

  #nameWithAttributes(tag: string): string {
    const name = /^[^\s]*/.exec(tag)?.[0] ?? '';
    if (!NAME.test(name)) throw this.fault('an invalid tag');
    const seen = new Set<string>();
    ATTRIBUTE.lastIndex = name.length;
    let end = name.length;
    for (let match = ATTRIBUTE.exec(tag); match; match = ATTRIBUTE.exec(tag)) {
      const attribute = match[1] as string;
      if (seen.has(attribute)) throw this.fault('an attribute twice');
      seen.add(attribute);
      end = ATTRIBUTE.lastIndex;
    }
    if (tag.slice(end).trim() !== '') throw this.fault('an invalid tag');
    return name;
  }
}

function isSpace(unit: number): boolean {
  return unit === SPACE || unit === LINE_FEED || unit === CARRIAGE_RETURN || unit === TAB;
}

/**
 * The UTF-8 bytes of `&name;`; null for an unknown entity. Control characters are allowed although
 * XML 1.0 forbids them: a server that does not encode keys cannot send them otherwise.
 */
function entityValue(name: string): string | null {
  if (Object.hasOwn(NAMED_ENTITIES, name)) return NAMED_ENTITIES[name] as string;
  const digits = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))$/.exec(name);
  if (!digits) return null;
  const point = digits[1] ? Number.parseInt(digits[1], 16) : Number(digits[2]);
  if (point === 0 || point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) return null;
  return toBinary(String.fromCodePoint(point));
}
