// The document of a check: its evidence in an envelope that all checks share.

import * as z from 'zod';
import { datasetIdSchema } from '../ids.ts';
import type { CheckDefinition } from '../monitor/check.ts';
import { attemptSchema, pending, rulesVersion, schemaVersion } from './documents.ts';
import { STATUSES } from './vocabulary.ts';

type Names<R> = { readonly [K in keyof R & string]: K };

interface Envelope<C extends CheckDefinition> {
  readonly schemaVersion: typeof schemaVersion;
  readonly datasetId: typeof datasetIdSchema;
  readonly status: z.ZodEnum<{ [K in (typeof STATUSES)[number]]: K }>;
  readonly subtype: z.ZodNullable<z.ZodEnum<Names<C['findings']>>>;
  /** All findings that apply, worst first, including those that do not count yet. */
  readonly findings: z.ZodArray<
    C extends { readonly finding: infer Z extends z.ZodType } ? Z : z.ZodEnum<Names<C['findings']>>
  >;
  /** Why nothing was compared; null if something was. */
  readonly notCompared: z.ZodNullable<
    z.ZodEnum<C extends { readonly reasons: infer R } ? Names<R> : Names<object>>
  >;
  readonly lastAttempt: z.ZodNullable<typeof attemptSchema>;
  readonly rulesVersion: typeof rulesVersion;
  readonly pending: typeof pending;
}

/** Fields of the envelope that older documents may lack. */
type Later<C extends CheckDefinition> = C extends { readonly layout: readonly (infer K)[] }
  ? Exclude<keyof Envelope<C>, K>
  : never;

type Shape<C extends CheckDefinition> = Omit<Envelope<C>, Later<C>> & {
  readonly [K in Later<C>]: z.ZodOptional<Envelope<C>[K]>;
} & C['evidence']['shape'];

export type CheckSchema<C extends CheckDefinition> = z.ZodObject<Shape<C>>;
export type CheckDocument<C extends CheckDefinition> = z.infer<CheckSchema<C>>;
export type EvidenceOf<C extends CheckDefinition> = z.infer<C['evidence']>;

/** Schema and type; the order of the fields is the order of written keys. */
export function documentSchema<C extends CheckDefinition>(check: C): CheckSchema<C> {
  const { evidence, finding, findings, layout, reasons = {} } = check;
  const found = z.enum(Object.keys(findings));
  const because = Object.keys(reasons);
  const envelope: Readonly<Record<string, z.ZodType>> = {
    schemaVersion,
    datasetId: datasetIdSchema,
    status: z.enum(STATUSES),
    subtype: found.nullable(),
    findings: z.array(finding ?? found),
    notCompared: because.length === 0 ? z.null() : z.enum(because).nullable(),
    rulesVersion,
    lastAttempt: attemptSchema.nullable(),
    pending,
  };
  const all: Readonly<Record<string, z.ZodType>> = { ...envelope, ...evidence.shape };
  const names = new Set([...(layout ?? []), ...Object.keys(all)]);
  const shape = Array.from(names, (name): [string, z.ZodType] => {
    const schema = all[name] as z.ZodType;
    const isLater = layout !== undefined && name in envelope && !layout.includes(name);
    return [name, isLater ? schema.optional() : schema];
  });
  return z.object(Object.fromEntries(shape)) as unknown as CheckSchema<C>;
}
