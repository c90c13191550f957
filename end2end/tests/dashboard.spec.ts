import type { Locator, Page } from '@playwright/test';
import { bringInOneClaim } from '../support/articles.ts';
import { expect, test } from '../support/desk.ts';

const PER_PAGE = 40;

/** Numbers on the dashboard that lead to lists of at most a page. */
async function small(numbers: Locator): Promise<Locator[]> {
  const all = await Promise.all((await numbers.all()).map(async (link) => ({ link, n: await value(link) })));
  return all.filter(({ n }) => n > 0 && n < PER_PAGE).map(({ link }) => link);
}

async function value(link: Locator): Promise<number> {
  const number = link.locator('b.num').or(link.and(link.page().locator('td a')));
  return Number((await number.textContent())?.replace(/\D/g, ''));
}

async function agrees(page: Page, numbers: (page: Page) => Locator): Promise<void> {
  await page.goto('/dashboard');
  const hrefs = await Promise.all((await small(numbers(page))).map((link) => link.getAttribute('href')));
  expect(hrefs.length, 'no number is small enough to count its list').toBeGreaterThan(0);
  for (const href of hrefs) {
    // Other tests change claims meanwhile: look at both again until they agree.
    await expect(async () => {
      await page.goto('/dashboard');
      const link = numbers(page).and(page.locator(`[href="${href}"]`));
      const said = await value(link);
      await link.click();
      await expect(page.locator('.claim-item')).toHaveCount(Math.min(said, PER_PAGE), { timeout: 500 });
    }, `${href} has another number of rows than the dashboard says`).toPass({ timeout: 10_000 });
  }
}

test('each stage on the dashboard leads to as many claims as it says', async ({ as }) => {
  await agrees(await as('guest'), (page) => page.locator('#kpis a.of[href^="/claims"]'));
});

test('each rating on the dashboard leads to as many claims as it says', async ({ as }) => {
  await agrees(await as('guest'), (page) => page.locator('#ratings td a'));
});

test('what a reviewer holds and has decided leads to those claims', async ({ as, person }) => {
  const reviewer = await as('reviewer');
  await bringInOneClaim(reviewer);
  await reviewer.getByRole('button', { name: 'Take it' }).click();
  await expect(reviewer.getByText('The claim is yours to check.')).toBeVisible();
  const { name } = await person('reviewer');
  await agrees(await as('editor'), (page) => page.locator('#reviewers').getByRole('row', { name }).locator('td a'));
});

test('what came and went on a day leads to those claims', async ({ as }) => {
  const editor = await as('editor');
  await bringInOneClaim(editor);
  await editor.goto('/dashboard');
  await editor.locator('#days summary').click();
  const today = editor.locator('#days tbody tr').first();
  await expect(today.getByRole('link', { name: /taken in/ })).toBeVisible();
  await today.getByRole('link', { name: /taken in/ }).click();
  await expect(editor).toHaveURL(/came=taken_in&came_from=/);
  await expect(editor.locator('.claim-item').first()).toBeVisible();
  await editor.goto('/dashboard');
  await editor.locator('#came').getByRole('link', { name: /taken in/ }).click();
  await expect(editor.locator('.claim-item').first()).toBeVisible();
});

test('what stands, what takes time and what has stalled is on the first screen', async ({ as }) => {
  const page = await as('guest');
  await page.goto('/dashboard');
  for (const heading of ['The desk now', 'Can it run?', 'Where time goes', 'Stalled', 'Verdicts a day', 'Standing verdicts', 'Reviewers, seven days']) {
    await expect(page.getByRole('heading', { name: heading })).toBeVisible();
  }
  await page.locator('#stages summary').click();
  await expect(page.locator('#stages tbody tr')).toHaveCount(6);
  await page.locator('#stages tbody tr').filter({ hasText: 'to publish' }).getByRole('link').click();
  await expect(page).toHaveURL('/claims?stage=settled&sort=waiting');
});

test('the period stands in the address and goes with every card and its file', async ({ as, silence }) => {
  silence.expectStatus(422);
  const page = await as('guest');
  await page.goto('/dashboard');
  await page.locator('#days summary').click();
  await expect(page.locator('#days tbody tr')).toHaveCount(7);
  await page.getByRole('navigation', { name: 'Period' }).getByRole('link', { name: '30 days' }).click();
  await expect(page).toHaveURL('/dashboard?days=30');
  await expect(page.getByRole('heading', { name: 'Reviewers, 30 days' })).toBeVisible();
  await page.locator('#days summary').click();
  await expect(page.locator('#days tbody tr')).toHaveCount(30);
  for (const [card, head] of [
    ['stages', 'stage,left,median_s'],
    ['stalled', 'claim,text,article'],
    ['days', 'day,taken_in,verdicts'],
    ['reviewers', 'person,holds,today'],
  ]) {
    const href = await page.locator(`#${card} h2`).getByRole('link', { name: 'CSV' }).getAttribute('href');
    expect(href).toContain('days=30');
    const answer = await page.request.get(href ?? '');
    expect(answer.headers()['content-type']).toContain('text/csv');
    expect((await answer.text()).startsWith(head ?? '?')).toBe(true);
  }
  await page.goto('/dashboard?days=8');
  await expect(page.getByText('Choose 7, 30 or 90 days')).toBeVisible();
  const own = page.getByRole('form', { name: 'Other days' });
  await own.getByLabel('From').fill('2024-03-12');
  await own.getByLabel('To').fill('2024-03-01');
  await own.getByRole('button', { name: 'Show' }).click();
  await expect(own.getByText('Choose a first day that is not after the last one.')).toBeVisible();
  await own.getByLabel('From').fill('2024-02-28');
  await own.getByRole('button', { name: 'Show' }).click();
  await expect(page).toHaveURL('/dashboard?from=2024-02-28&to=2024-03-01');
  await page.locator('#days summary').click();
  await expect(page.locator('#days tbody tr')).toHaveCount(3);
});

test('an article has a flow of its own, which is taken off again', async ({ as }) => {
  const page = await as('reviewer');
  await bringInOneClaim(page);
  await page.locator('a[href^="/articles/"]').first().click();
  await page.getByRole('link', { name: 'flow', exact: true }).click();
  await expect(page).toHaveURL(/\/dashboard\?article=/);
  const open = page.locator('#kpis a.of[href*="stage=open"]');
  await expect(open.locator('b.num')).toHaveText('1');
  await expect(page.getByRole('heading', { name: 'Can it run?' })).toHaveCount(0);
  await open.click();
  await expect(page.locator('.claim-item')).toHaveCount(1);
  await page.goBack();
  await page.getByRole('link', { name: /^Take off: / }).click();
  await expect(page.getByRole('heading', { name: 'Can it run?' })).toBeVisible();
});
