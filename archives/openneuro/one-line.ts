// Makes text from the registry one short line, for a log line or a note.

import type * as z from 'zod';

export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, ' ').slice(0, 200);
}

export function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  return oneLine(`${issue?.path.join('.')}: ${issue?.message}`);
}
