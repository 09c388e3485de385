// This file imports nothing, so commands and the cost model may import it.

/**
 * What bounds the bill of boards (docs/cost.md): units a second of the table, of its index for reads
 * and for writes, and how many requests are answered at once.
 */
export const CAPS = { writeUnits: 10, readUnits: 20, indexUnits: 5, atOnce: 2 } as const;
/** Of each function for boards. */
export const BOARDS_MEMORY = 256;
