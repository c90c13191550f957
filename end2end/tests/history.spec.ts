import { readFile } from 'node:fs/promises';
import { bringInOneClaim } from '../support/articles.ts';
import { judgeAndSave } from '../support/bench.ts';
import { expect, test } from '../support/desk.ts';

test('a claim is shown as the desk knew it, and nothing of it can be changed', async ({ as }) => {
  const page = await as('reviewer');
  const claim = await bringInOneClaim(page);
  await judgeAndSave(page, 'Verified', 'The brigade’s log says the same.');
  const before = new Date().toISOString();
  await page.goto(claim);
  await judgeAndSave(page, 'False', 'The brigade has corrected its log.');

  await page.goto(claim);
  await expect(page.locator('#claim-head')).toContainText('False');
  await expect(page.getByLabel('As the desk knew it at (UTC)')).toBeVisible();

  await page.goto(`${claim}?as_of=${before}`);
  await expect(page.locator('#as-of-banner')).toContainText('As the desk knew it at');
  await expect(page.locator('#claim-head')).toContainText('Verified');
  await expect(page.locator('#verdicts')).toContainText('The brigade’s log says the same.');
  await expect(page.getByText('The brigade has corrected its log.')).toHaveCount(0);
  await expect(page.locator('main form[method="post"]')).toHaveCount(0);

  const article = (await page.locator('article h1 a').getAttribute('href')) ?? '';
  await page.goto(`${article}?as_of=${before}`);
  await expect(page.locator('#article-claims')).toContainText('Verified');
  await page.goto(`/dashboard?as_of=${before}`);
  await expect(page.getByRole('heading', { name: 'The desk then' })).toBeVisible();

  await page.goto(`${claim}?as_of=${before}`);
  await page.getByRole('link', { name: 'Back to now' }).click();
  await expect(page.locator('#claim-head')).toContainText('False');
});

test('a moment before the claim was found is answered in words', async ({ as, silence }) => {
  silence.expectStatus(404);
  const page = await as('reviewer');
  const claim = await bringInOneClaim(page);
  await page.goto(claim);
  await page.getByLabel('As the desk knew it at (UTC)').fill('2001-02-03T04:05:06');
  const answer = page.waitForResponse((response) => response.url().includes('as_of='));
  await page.getByRole('button', { name: 'Look back' }).click();
  expect((await answer).status()).toBe(404);
  await expect(page.getByText('There is no such claim at that moment.')).toBeVisible();
});

test('an admin takes a checkpoint and keeps its head elsewhere', async ({ as }) => {
  const reviewer = await as('reviewer');
  await bringInOneClaim(reviewer);
  const page = await as('admin');
  await page.goto('/admin/history');
  await page.getByRole('button', { name: 'Take a checkpoint now' }).click();
  await expect(page.getByText(/A checkpoint covers everything|Nothing has happened since/)).toBeVisible();
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download the head' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^claimdesk-head-\d+\.json$/);
  const head: unknown = JSON.parse(await readFile(await file.path(), 'utf8'));
  expect(head).toMatchObject({ format: 'claimdesk.head/1', hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
});
