// Runs before the first paint (a classic script in the head), so that the other theme never
// flashes. shared/settings.ts writes what this reads.

try {
  const chosen = localStorage.getItem('mirrorwatch.theme');
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
} catch {
  // Storage is forbidden: use the system's theme.
}
document.documentElement.classList.add('scripted');
