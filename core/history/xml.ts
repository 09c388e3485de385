// Text in XML, for feeds and badges. Others choose some of it.

import { escapeMarkup } from '../documents/escape.ts';

/** Characters that XML 1.0 does not allow, not even escaped (W3C XML 1.0, 2.2). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters it is about
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\p{Cs}]/gu;

/** For text and attributes; what XML does not allow becomes U+FFFD. */
export const xmlText = (text: string): string => escapeMarkup(text.replace(FORBIDDEN, '\ufffd'));
