// Runs before the first paint (a classic script in the head), so that a chosen theme never
// flashes the other one. shared/settings.ts writes what this reads.

try {
  const chosen = localStorage.getItem('mirrorwatch.theme');
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
} catch {
  // Storage is forbidden: the system's theme.
}
document.documentElement.classList.add('scripted');
