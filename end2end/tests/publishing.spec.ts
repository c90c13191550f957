import { bringInOneClaim } from '../support/articles.ts';
import { history, judge, judgeAndSave, save } from '../support/bench.ts';
import { expect, test } from '../support/desk.ts';

test('an editor publishes a settled claim and reopens it with a reason', async ({ as, person }) => {
  const [reviewer, editor] = [await as('reviewer'), await as('editor')];
  const claim = await bringInOneClaim(reviewer);
  await judgeAndSave(reviewer, 'Verified', 'The brigade’s log says the same.');
  await expect(reviewer.getByRole('button', { name: 'Publish' })).toHaveCount(0);

  await editor.goto(claim);
  await editor.getByRole('button', { name: 'Publish' }).click();
  await expect(editor.getByText('The claim is published.')).toBeVisible();
  await expect(editor.locator('#claim-head')).toContainText('Verified');
  await expect(editor.locator('#claim-head')).toContainText('published');
  await reviewer.goto(claim);
  await expect(reviewer.locator('#verdict')).toHaveText('This claim is published. An editor can reopen it.');

  await editor.getByText('Reopen').first().click();
  await editor.getByLabel('Reason to reopen it').fill('no');
  await editor.locator('#more').getByRole('button', { name: 'Reopen' }).click();
  await expect(editor.getByLabel('Reason to reopen it')).toHaveAttribute('aria-invalid', 'true');
  await expect(editor.getByLabel('Reason to reopen it')).toHaveValue('no');
  await editor.getByLabel('Reason to reopen it').fill('The brigade has corrected its log.');
  await editor.locator('#more').getByRole('button', { name: 'Reopen' }).click();
  await expect(editor.getByText('The claim is back in the queue.')).toBeVisible();
  await expect(editor.locator('#claim-head')).toContainText('Reopened');

  const entries = await history(editor);
  const { name } = await person('editor');
  await expect(entries.filter({ hasText: 'reopened it: The brigade has corrected its log.' })).toContainText(name);
  await expect(entries.filter({ hasText: 'published it' })).toContainText(name);
});

test('an article whose claims are all settled is clear to run', async ({ as }) => {
  const page = await as('reviewer');
  await bringInOneClaim(page);
  const article = await page.locator('article h1 a').getAttribute('href');
  await page.goto(article ?? '');
  await expect(page.locator('#clearance')).toContainText('Not yet: 1 of 1 claim still has to be checked.');
  await page.locator('#article-claims .says').first().click();
  await judge(page, 'Verified', 'Confirmed by two calls.');
  await save(page);
  await page.locator('article h1 a').click();
  await expect(page.locator('#clearance')).toContainText('It can run: every claim is settled.');
});
