// The row that a person left the list by. The list's address names it (`#ds000117`), so that Back and
// "All datasets" return to it.

const TOP = 'mirrorwatch.list-top';

/** Before a row's link is followed. */
export function leaveBy(id: string, link: HTMLElement): void {
  const address = `${location.pathname}${location.search}#${encodeURIComponent(id)}`;
  history.replaceState(history.state, '', address);
  try {
    sessionStorage.setItem(TOP, `${link.getBoundingClientRect().top}`);
  } catch {
    // The row is then shown in the middle.
  }
}

/** The row to return to; null if the address names none. */
export function rowToReturnTo(): string | null {
  try {
    return decodeURIComponent(location.hash.slice(1)) || null;
  } catch {
    return null;
  }
}

/** Pixels from the top of the screen to where that row was. */
export function topToReturnTo(): number {
  let top = Number.NaN;
  try {
    top = Number(sessionStorage.getItem(TOP) ?? Number.NaN);
  } catch {
    // As above.
  }
  return top > 0 && top < innerHeight - 50 ? top : innerHeight / 2;
}
