// This file imports nothing, so commands and the cost model may import it.

/**
 * What bounds the bill of boards (docs/cost.md): units a second, of the table and of its index each,
 * and how many requests are answered at once.
 */
export const CAPS = { writeUnits: 10, readUnits: 20, atOnce: 2 } as const;
/** Of each function for boards. */
export const BOARDS_MEMORY = 256;
