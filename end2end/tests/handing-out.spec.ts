import type { Page } from '@playwright/test';
import { bridgeReport, bringIn, bringInOneClaim } from '../support/articles.ts';
import { expect, test, unique } from '../support/desk.ts';

/** The list of an article's claims that are in work. */
async function toList(page: Page, article: string): Promise<void> {
  await page.goto(`/claims?article=${article.split('/').pop() ?? ''}&stage=open`);
}

test('an editor spreads ticked claims over two people, sees it beforehand, and undoes it', async ({ as, person }) => {
  const page = await as('editor');
  const article = await bringIn(page, bridgeReport());
  const [one, other] = [(await person('reviewer')).name, (await person('colleague')).name];
  await toList(page, article);
  const boxes = page.getByRole('checkbox', { name: /^Choose: / });
  const n = await boxes.count();
  expect(n).toBeGreaterThan(2);
  for (let at = 0; at < n; at += 1) await boxes.nth(at).check();
  await page.getByRole('button', { name: 'Hand out the ticked' }).click();
  await expect(page.getByRole('heading', { name: `Hand out ${n} claims` })).toBeVisible();
  await page.getByLabel(one).check();
  await page.getByLabel(other).check();
  await page.getByRole('button', { name: 'Show what changes' }).click();
  await expect(page.locator('#preview tbody tr')).toHaveCount(2);
  const would = await page.locator('#preview tbody td:nth-child(3)').allTextContents();
  expect(Math.abs(Number(would[0]) - Number(would[1]))).toBeLessThanOrEqual(n);
  await toList(page, article);
  await expect(page.locator('.standing').getByText(`for ${one}`)).toHaveCount(0);
  await page.goBack();
  await page.getByRole('button', { name: `Change ${n} claims` }).click();
  await expect(page.getByText(`${n} claims were handed out.`)).toBeVisible();
  await toList(page, article);
  await expect(page.locator('.standing').getByText(/^for /)).toHaveCount(n);
  await page.goBack();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Undone: the claims are with whom they were before.')).toBeVisible();
  await toList(page, article);
  await expect(page.locator('.standing').getByText(/^for /)).toHaveCount(0);
});

test('whoever ticks nothing hands out nothing', async ({ as }) => {
  const page = await as('editor');
  await page.goto('/claims?stage=open');
  await page.getByRole('button', { name: 'Hand out the ticked' }).click();
  await expect(page.getByRole('heading', { name: 'No claim is chosen' })).toBeVisible();
});

test('what somebody is given comes to them first, and they are told', async ({ as, person }) => {
  const editor = await as('editor');
  const claim = await bringInOneClaim(editor);
  const { name } = await person('reviewer');
  await editor.getByText('Assign', { exact: true }).first().click();
  const option = editor.getByLabel('Whose to do').locator('option').filter({ hasText: name });
  await editor.getByLabel('Whose to do').selectOption({ value: (await option.getAttribute('value')) ?? '' });
  await editor.getByRole('button', { name: 'Assign', exact: true }).click();
  await expect(editor.locator('#assignee')).toContainText(`For ${name} to do`);
  const reviewer = await as('reviewer');
  await reviewer.goto('/notifications?of=assignment');
  await expect(reviewer.locator(`a[href^="${claim}"]`).first()).toBeVisible();
  await reviewer.goto('/');
  await expect(reviewer.locator('#assigned').locator(`a[href^="${claim}"]`)).toBeVisible();
  await reviewer.goto(claim);
  await expect(reviewer.locator('#assignee')).toContainText('Yours to do');
  await reviewer.getByRole('button', { name: 'Take it off my list' }).click();
  await expect(reviewer.locator('#assignee')).toContainText('Anybody’s to do');
  await reviewer.getByRole('button', { name: 'Put it on my list' }).click();
  await expect(reviewer.getByText('Assigned. They are told')).toBeVisible();
  await reviewer.getByRole('button', { name: 'Undo' }).click();
  await reviewer.goto(claim);
  await expect(reviewer.locator('#assignee')).toContainText('Anybody’s to do');
});

test('a claim that was decided meanwhile is named, and none is handed out', async ({ as, person }) => {
  const page = await as('editor');
  const article = await bringIn(page, bridgeReport());
  const { name } = await person('colleague');
  await toList(page, article);
  const boxes = page.getByRole('checkbox', { name: /^Choose: / });
  await boxes.nth(0).check();
  await boxes.nth(1).check();
  const first = await boxes.nth(0).getAttribute('value');
  await page.getByRole('button', { name: 'Hand out the ticked' }).click();
  await page.getByLabel(name).check();
  await page.getByRole('button', { name: 'Show what changes' }).click();
  await page.request.post('/actions/claims/dismiss', { form: { claim: first ?? '', version: '1', reason: 'Not a claim at all.' } });
  await page.getByRole('button', { name: 'Change 2 claims' }).click();
  await expect(page.getByText('1 of the 2 claims cannot be given out as asked, so none was.')).toBeVisible();
  await expect(page.getByText('A claim that is dismissed cannot be assigned.').first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Change one claim' })).toBeVisible();
});

test('a view of the list is saved, shared, renamed and deleted', async ({ as }) => {
  const page = await as('reviewer');
  const mark = unique();
  const list = `/claims?stage=open&kind=casualty&q=-${mark}&sort=waiting`;
  await page.goto(list);
  await page.getByText('Save or change views').click();
  await page.getByLabel('Save what is listed as').fill(`Toll ${mark}`);
  await page.getByLabel('for the whole desk').check();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('The view is saved')).toBeVisible();
  const other = await as('editor');
  await other.goto('/claims');
  await other.getByRole('navigation', { name: 'Saved views' }).getByRole('link', { name: `Toll ${mark}` }).click();
  await expect(other).toHaveURL(list);
  await page.getByText('Change views').click();
  await page.getByLabel(`Name of the view Toll ${mark}`).fill(`Dead ${mark}`);
  await page.getByRole('button', { name: `Change the view Toll ${mark}` }).click();
  await expect(page.getByRole('link', { name: `Dead ${mark}` })).toBeVisible();
  await page.getByText('Change views').click();
  await page.getByRole('button', { name: `Delete the view Dead ${mark}` }).click();
  await expect(page.getByRole('link', { name: `Dead ${mark}` })).toHaveCount(0);
});

test('an article’s deadline is set by an editor and weighs in the priority of its claims', async ({ as }) => {
  const page = await as('editor');
  const article = await bringIn(page, bridgeReport());
  await page.getByText('Set a deadline').first().click();
  await page.getByLabel('Every claim decided by (UTC)').fill('2020-01-01T10:00');
  await page.getByRole('button', { name: 'Set the deadline' }).click();
  await expect(page.getByText('Choose a moment that is still to come.')).toBeVisible();
  await expect(page.getByLabel('Every claim decided by (UTC)')).toHaveValue('2020-01-01T10:00');
  const soon = new Date(Date.now() + 90 * 60_000).toISOString().slice(0, 16);
  await page.getByLabel('Every claim decided by (UTC)').fill(soon);
  await page.getByRole('button', { name: 'Set the deadline' }).click();
  await expect(page.locator('#deadline')).toContainText('Due soon');
  await page.locator('#article-claims summary').filter({ hasText: 'Priority' }).first().click();
  await expect(page.locator('#article-claims').getByText('the article is due soon').first()).toBeVisible();
  await page.goto('/articles?due=soon');
  await expect(page.locator(`a[href="${article}"]`)).toBeVisible();
  const reader = await as('guest');
  await reader.goto(article);
  await expect(reader.locator('#deadline')).toContainText('Due soon');
  await expect(reader.getByText('Move or clear it')).toHaveCount(0);
  await page.goto(article);
  await page.getByText('Move or clear it').click();
  await page.getByRole('button', { name: 'Take it off' }).click();
  await expect(page.getByText('The article has no deadline any more.')).toBeVisible();
});
