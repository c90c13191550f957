import { bringInOneClaim, flash } from '../support/articles.ts';
import { judge, judgeAndSave, rating } from '../support/bench.ts';
import { expect, islands, test } from '../support/desk.ts';

test('words that were typed and not saved are there again, also in another browser', async ({ as }) => {
  const [page, elsewhere] = [await as('reviewer'), await as('reviewer')];
  const claim = await bringInOneClaim(page);
  await islands(page);
  await judge(page, 'Disputed', 'Two lists of names differ by');
  await expect(page.locator('#verdict [data-draft-state]')).toHaveText('Draft kept');
  await elsewhere.goto(claim);
  await expect(elsewhere.getByRole('textbox', { name: 'Why', exact: true })).toHaveValue('Two lists of names differ by');
  await expect(rating(elsewhere, 'Disputed')).toBeChecked();
});

test('what was typed a moment before leaving the page is kept', async ({ as }) => {
  const page = await as('reviewer');
  const claim = await bringInOneClaim(page);
  await islands(page);
  await page.getByRole('textbox', { name: 'Why', exact: true }).fill('The last words before the tab was closed');
  await page.getByRole('link', { name: 'Dashboard' }).click();
  await expect(page).toHaveURL('/dashboard');
  await expect(async () => {
    await page.goto(claim);
    await expect(page.getByRole('textbox', { name: 'Why', exact: true })).toHaveValue('The last words before the tab was closed', { timeout: 300 });
  }).toPass();
});

test('a draft belongs to its writer', async ({ as }) => {
  const [page, colleague] = [await as('reviewer'), await as('colleague')];
  const claim = await bringInOneClaim(page);
  await islands(page);
  await page.getByRole('textbox', { name: 'Why', exact: true }).fill('Not for others yet');
  await expect(page.locator('#verdict [data-draft-state]')).toHaveText('Draft kept');
  await colleague.goto(claim);
  await expect(colleague.getByRole('textbox', { name: 'Why', exact: true })).toHaveValue('');
});

test('a draft is gone once its verdict is saved', async ({ as }) => {
  const page = await as('reviewer');
  const claim = await bringInOneClaim(page);
  await islands(page);
  await judgeAndSave(page, 'Verified', 'Confirmed by two calls.');
  await page.goto(claim);
  await expect(page.getByRole('textbox', { name: 'Why', exact: true })).toHaveValue('');
});

test('a half-written article waits in its form', async ({ as, somebody }) => {
  const page = await as(await somebody());
  const { title, text } = flash();
  await page.goto('/intake');
  await islands(page);
  await page.getByLabel('Title').fill(title);
  await page.getByLabel('Text', { exact: true }).fill(text);
  await expect(page.getByRole('main').getByText('Draft kept')).toBeVisible();
  await page.goto('/');
  await page.goto('/intake');
  await expect(page.getByLabel('Title')).toHaveValue(title);
  await expect(page.getByLabel('Text', { exact: true })).toHaveValue(text);
  await page.getByRole('button', { name: 'Start over with empty fields' }).click();
  await expect(page.getByLabel('Title')).toHaveValue('');
});
