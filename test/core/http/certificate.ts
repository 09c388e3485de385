// A self-signed certificate for 127.0.0.1, generated on the spot: no key is in the repository, and
// no date expires. Just enough of X.509 (RFC 5280) in DER, with Ed25519 (RFC 8410).

import { generateKeyPairSync, sign } from 'node:crypto';

const SEQUENCE = 0x30;
const SET = 0x31;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const OBJECT_ID = 0x06;
const UTF8_STRING = 0x0c;
const GENERALIZED_TIME = 0x18;
/** Context-specific: the version, the extensions, an address among the names. */
const VERSION = 0xa0;
const EXTENSIONS = 0xa3;
const IP_ADDRESS = 0x87;

function der(tag: number, ...parts: (Buffer | string | number[])[]): Buffer {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part as Buffer)));
  const { length } = content;
  const size = length < 128 ? [length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

/** Key and certificate as PEM. */
export function selfSigned(): { key: string; cert: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const ed25519 = der(SEQUENCE, der(OBJECT_ID, [0x2b, 0x65, 0x70]));
  const commonName = der(
    SEQUENCE,
    der(OBJECT_ID, [0x55, 4, 3]),
    der(UTF8_STRING, 'mirrorwatch test'),
  );
  const name = der(SEQUENCE, der(SET, commonName));
  const validity = der(
    SEQUENCE,
    der(GENERALIZED_TIME, '20200101000000Z'),
    der(GENERALIZED_TIME, '21200101000000Z'),
  );
  const addresses = der(SEQUENCE, der(IP_ADDRESS, [127, 0, 0, 1]));
  const altName = der(SEQUENCE, der(OBJECT_ID, [0x55, 29, 17]), der(OCTET_STRING, addresses));
  const toBeSigned = der(
    SEQUENCE,
    der(VERSION, der(INTEGER, [2])),
    der(INTEGER, [1]),
    ed25519,
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(EXTENSIONS, der(SEQUENCE, altName)),
  );
  const signature = der(BIT_STRING, [0], sign(null, toBeSigned, privateKey));
  const base64 = der(SEQUENCE, toBeSigned, ed25519, signature).toString('base64');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
  };
}
