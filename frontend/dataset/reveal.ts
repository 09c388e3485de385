// An address may lead to a part of the page (`#check-github`), which is there only after the data,
// and may be folded away.

/** Call it when the parts are there. @returns stops following */
export function followAddress(): () => void {
  reveal();
  addEventListener('hashchange', reveal);
  return () => removeEventListener('hashchange', reveal);
}

function reveal(): void {
  const part = document.getElementById(location.hash.slice(1));
  if (location.hash === '' || part === null) return;
  const fold = part.querySelector(':scope > details');
  if (fold instanceof HTMLDetailsElement) fold.open = true;
  part.scrollIntoView();
}
