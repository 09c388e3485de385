// Which of many things are asked for in a turn: others in the next one.

import { spread } from '../../../core/compare/spread.ts';

/** @param nameOf names a thing and the turn; the order follows from it alone */
export function someOfTurn<T>(
  all: Iterable<T>,
  atMost: number,
  nameOf: (one: T) => string,
): readonly T[] {
  const order = Array.from(all, (one) => {
    const name = nameOf(one);
    return { one, name, at: spread(name) };
  });
  order.sort((a, b) => a.at - b.at || (a.name < b.name ? -1 : 1));
  return order.slice(0, atMost).map(({ one }) => one);
}
