// Name and version from package.json, which is beside bin/ in a checkout and above dist/ in the
// package.

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

function readPackage(): { version: string; homepage?: string } {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    try {
      return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(folder) === folder) {
        throw error;
      }
    }
  }
}

const { version, homepage } = readPackage();
export const VERSION = version;
/** For the User-Agent, so that an operator with a problem can find us. */
export const CONTACT_URL = homepage;
