// Host names that a request may use for this server. A page elsewhere can point its own name to
// this machine (DNS rebinding), and a browser then lets it read the answers. `Host` shows that
// name.

import { isIP } from 'node:net';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);
/** With these names a server listens on all addresses of the machine. */
const ANY = new Set(['0.0.0.0', '::', '[::]']);

/** @param listening the value of --host */
export function createHostCheck(listening: string): (host: string | undefined) => boolean {
  const own = bracketed(listening.toLowerCase());
  return (host) => {
    const name = nameIn(host);
    if (name === null) return false;
    if (LOOPBACK.has(name) || name === own) return true;
    // An IP address cannot be rebound from elsewhere; only a name can.
    return ANY.has(own) && isIP(name.replace(/^\[|\]$/g, '')) !== 0;
  };
}

/** `name:port` without the port, in lower case; null for an invalid host. */
function nameIn(host: string | undefined): string | null {
  const [, name] = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/i.exec(host?.trim() ?? '') ?? [];
  return name?.toLowerCase().replace(/\.$/, '') ?? null;
}

/** Whether only this machine can ask a server that listens there. */
export const isLoopback = (host: string): boolean => LOOPBACK.has(bracketed(host.toLowerCase()));

const bracketed = (host: string) => (isIP(host) === 6 ? `[${host}]` : host);
