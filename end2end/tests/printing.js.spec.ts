import { bringInOneClaim } from '../support/articles.ts';
import { judgeAndSave } from '../support/bench.ts';
import { a11y, expect, test } from '../support/desk.ts';

test('the sentence that may run is copied from the workbench, with who says so', async ({ as }) => {
  const page = await as('reviewer');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const claim = await bringInOneClaim(page);
  await expect(page.locator('.printable')).toHaveCount(0);
  await judgeAndSave(page, 'Verified', 'The brigade’s log says the same.');
  await page.goto(claim);
  const sentence = page.locator('.printable q');
  await expect(sentence).toHaveText(/people were killed, according to the fire brigade\.$/);
  await page.getByRole('button', { name: 'Copy' }).click();
  await expect(page.locator('.printable').getByRole('status')).toHaveText('Copied');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await sentence.textContent());
  await a11y(page);
});
