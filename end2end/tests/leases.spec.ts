import { bringInOneClaim } from '../support/articles.ts';
import { history, judgeAndSave, rating } from '../support/bench.ts';
import { a11y, expect, test } from '../support/desk.ts';

test('a claim is taken over with a reason, and who held it is told', async ({ hasScripts, as, person }) => {
  const [page, colleague] = [await as('reviewer'), await as('colleague')];
  const claim = await bringInOneClaim(page);
  await page.getByRole('button', { name: 'Take it' }).click();
  await expect(page.locator('#claim-head')).toContainText('yours until');

  await colleague.goto(claim);
  await colleague.getByText('Take it over').first().click();
  await colleague.getByLabel('Reason to take it over').fill('The evening edition needs it now.');
  await colleague.getByRole('button', { name: 'Take it over' }).click();
  await expect(colleague.locator('#claim-head')).toContainText('yours until');

  const name = (await person('colleague')).name;
  await page.goto('/');
  await expect(page.locator('#taken-over')).toContainText(`${name} took over`);
  if (hasScripts) await a11y(page);
  await page.goto(claim);
  await expect(page.getByText(`${name} took this claim over from you`)).toBeVisible();
  await expect((await history(page)).filter({ hasText: 'The evening edition needs it now.' })).toBeVisible();
  await colleague.getByRole('button', { name: 'Release' }).click();
  await expect(colleague.getByText('The claim is back in the queue.')).toBeVisible();
});

test('a verdict is undone, and what was written comes back', async ({ as }) => {
  const page = await as('reviewer');
  await bringInOneClaim(page);
  await page.getByRole('button', { name: 'Take it' }).click();
  await judgeAndSave(page, 'False', 'Written too soon.');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Your verdict is taken back.')).toBeVisible();
  await expect(page.locator('#claim-head')).toContainText('yours until');
  await expect(page.getByLabel('Why')).toHaveValue('Written too soon.');
  await expect(rating(page, 'False')).toBeChecked();
  await expect((await history(page)).filter({ hasText: 'took verdict 1 back' })).toBeVisible();
  await page.getByRole('button', { name: 'Release' }).click();
  await expect(page.getByText('The claim is back in the queue.')).toBeVisible();
});
