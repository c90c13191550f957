import { bridgeReport, bringIn, ukrainian } from '../support/articles.ts';
import { expect, test } from '../support/desk.ts';

test('the list of articles answers for each whether it can run', async ({ as }) => {
  const page = await as('guest');
  await page.goto('/articles');
  const rows = page.locator('table.articles tbody tr');
  await expect(rows.first()).toBeVisible();
  const answers = await rows.locator('td:last-child').allTextContents();
  for (const answer of answers) {
    expect(answer.trim()).toMatch(/^(Clear|Not yet|Correction due|Needs rewriting|Nothing to check)$/);
  }
  const first = rows.first().getByRole('link');
  const title = await first.textContent();
  await first.click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(title ?? '');
});

test('every claim of an article is marked in its text, by where it stands', async ({ as }) => {
  const page = await as('reviewer');
  await bringIn(page, bridgeReport());
  const listed = page.locator('#article-claims .says');
  const count = await listed.count();
  expect(count).toBeGreaterThanOrEqual(5);
  for (const claim of await listed.all()) {
    const href = (await claim.getAttribute('href')) ?? '';
    const words = (await claim.textContent()) ?? '';
    const marks = page.locator(`#article-text a[href="${href}"]`);
    expect(await marks.count(), `“${words}” is not marked`).toBeGreaterThan(0);
    await expect(marks.first()).toHaveAttribute('title', `open: ${words}`);
  }
  await expect(page.locator('#clearance')).toContainText(`Not yet: ${count} of ${count} claims still have to be checked.`);
});

test('the text is shown with its version and hash', async ({ as }) => {
  const page = await as('reviewer');
  await bringIn(page, bridgeReport());
  await expect(page.getByText(/Version 1 · added by Ingrid Falk/)).toBeVisible();
  await expect(page.locator('.hash code')).toHaveText(/^[0-9a-f]{64}$/);
});

test('an article in another language says why it has no claims, and that it is not clear to run', async ({ as }) => {
  const page = await as('reviewer');
  const article = ukrainian();
  await bringIn(page, { ...article, outlet: 'Річковий вісник' });
  await expect(page.locator('article.read')).toHaveAttribute('lang', 'uk');
  await expect(page.getByText('The text is in “uk”; claims are lifted out of English texts only.')).toBeVisible();
  await expect(page.locator('#clearance')).not.toContainText('every claim is settled');
  await page.goto('/articles');
  await expect(page.locator('table.articles tbody tr').filter({ hasText: article.title }).locator('.tag')).toHaveText('uk');
});
