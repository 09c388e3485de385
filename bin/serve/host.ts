// Host names that a request may use for this server. A page elsewhere can make its own name lead to this
// machine (DNS rebinding), and a browser then lets it read the answers. The name in `Host` gives it
// away.

import { isIP } from 'node:net';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);
/** With these a server listens on every address that the machine has. */
const ANY = new Set(['0.0.0.0', '::', '[::]']);

/** @param listening the host of --host, as it was given */
export function createHostCheck(listening: string): (host: string | undefined) => boolean {
  const own = bracketed(listening.toLowerCase());
  return (host) => {
    const name = nameIn(host);
    if (name === null) return false;
    if (LOOPBACK.has(name) || name === own) return true;
    // By an address nobody can be led here from elsewhere: a name is what can be made to lead.
    return ANY.has(own) && isIP(name.replace(/^\[|\]$/g, '')) !== 0;
  };
}

/** `name:port` without the port, in lower case; null for what is no host. */
function nameIn(host: string | undefined): string | null {
  const [, name] = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/i.exec(host?.trim() ?? '') ?? [];
  return name?.toLowerCase().replace(/\.$/, '') ?? null;
}

const bracketed = (host: string) => (isIP(host) === 6 ? `[${host}]` : host);
