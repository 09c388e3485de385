// Text in the format of git's own settings, as `.gitmodules` and `.datalad/config` have it
// (git-config(1), "Syntax"). Values are hostile text: they are compared, and never followed.

export interface ConfigSection {
  /** `submodule`, in lower case. */
  readonly name: string;
  /** In its quotes; null if it has none. */
  readonly of: string | null;
  /** By key in lower case; of several the last. */
  readonly values: ReadonlyMap<string, string>;
}

const HEADER = /^\[\s*([A-Za-z0-9.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\](.*)$/;
const SETTING = /^([A-Za-z][A-Za-z0-9-]*)\s*(?:=\s*(.*))?$/s;

/** Null if a line is neither. */
export function parseGitConfig(text: string): ConfigSection[] | null {
  const sections: { name: string; of: string | null; values: Map<string, string> }[] = [];
  // A backslash at the end continues a line.
  for (const raw of text.replace(/\\\r?\n/g, '').split('\n')) {
    let line = raw.trim();
    const header = HEADER.exec(line);
    if (header) {
      const [, name = '', quoted] = header;
      const of = quoted === undefined ? null : quoted.replace(/\\(.)/g, '$1');
      sections.push({ name: name.toLowerCase(), of, values: new Map() });
      line = (header[3] ?? '').trim();
    }
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    const [, key, value = 'true'] = SETTING.exec(line) ?? [];
    const section = sections.at(-1);
    if (key === undefined || section === undefined) return null;
    section.values.set(key.toLowerCase(), unquoted(value));
  }
  return sections;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', b: '\b' };

/** Without quotes, escapes and a comment at its end. */
function unquoted(value: string): string {
  let text = '';
  let isQuoted = false;
  for (let at = 0; at < value.length; at++) {
    const unit = value[at] as string;
    if (unit === '\\') {
      const next = value[++at] ?? '';
      text += ESCAPES[next] ?? next;
    } else if (unit === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (unit === '#' || unit === ';')) break;
    else text += unit;
  }
  return isQuoted ? text : text.trimEnd();
}
