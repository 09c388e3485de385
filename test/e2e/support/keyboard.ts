// Moves through a page by keyboard alone.

import type { Page } from 'playwright-core';

/** Tab until the focus is on what is wanted. */
export async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    const focused = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement;
      return `${element.getAttribute('aria-label') ?? element.textContent ?? ''}`.trim();
    });
    if (focused === name) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach ${name}`);
}
