// Ctrl K: anything, from anywhere, without the mouse.
import { twoReports } from '../support/articles.ts';
import { a11y, expect, islands, test, unique } from '../support/desk.ts';

test('Ctrl K finds claims, articles, sources and places, and Enter goes there', async ({ as }) => {
  const page = await as('guest');
  await page.goto('/dashboard');
  await islands(page);
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Find anything' });
  await expect(palette.getByRole('link', { name: 'Articles' })).toBeVisible();
  await page.keyboard.type('killed');
  await expect(palette.getByRole('heading', { name: 'Claims' })).toBeVisible();
  await a11y(page);
  await page.keyboard.press('ArrowDown');
  const first = palette.getByRole('link').first();
  await expect(first).toBeFocused();
  const words = await first.textContent();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await expect(first).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/claims\//);
  await expect(page.locator('#claim-head')).toContainText(words!.slice(0, 20));
});

test('Ctrl K goes to a place by a part of its name, and Escape leaves everything as it was', async ({ as }) => {
  const page = await as('guest');
  await page.goto('/claims');
  await islands(page);
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Find anything' });
  await page.keyboard.type('dashb');
  await expect(palette.getByRole('link')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(palette).toBeHidden();
  await expect(page).toHaveURL('/claims');
  await page.keyboard.press('Control+k');
  await expect(palette.getByRole('link', { name: 'Dashboard' })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/dashboard');
});

test('Ctrl K finds an incident by its place, with how many claims are about it', async ({ as }) => {
  const page = await as('editor');
  const town = `Orha${unique()}`;
  await twoReports(page, town);
  await page.goto('/dashboard');
  await islands(page);
  await page.keyboard.press('Control+k');
  await page.keyboard.type(town);
  const palette = page.getByRole('dialog', { name: 'Find anything' });
  const incidents = palette.getByRole('region', { name: 'Incidents' });
  await expect(incidents.getByRole('listitem')).toHaveCount(1);
  await expect(incidents.getByRole('listitem')).toContainText(/\d claims/);
  await incidents.getByRole('link').click();
  await expect(page).toHaveURL(/\/incidents\//);
});

test('what nothing has says so', async ({ as }) => {
  const page = await as('guest');
  await page.goto('/find?q=zzyzxqv');
  await expect(page.locator('#found')).toContainText('Nothing has these words');
});
