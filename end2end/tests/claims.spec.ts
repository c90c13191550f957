import { bringIn, bridgeReport } from '../support/articles.ts';
import { expect, test } from '../support/desk.ts';

test('filters stand in the address, and survive reloading and going back', async ({ as }) => {
  const page = await as('guest');
  await page.goto('/claims');
  await page.getByLabel('Stage').selectOption('settled');
  await page.getByLabel('Rating').selectOption('verified');
  await page.getByRole('button', { name: 'Show' }).click();
  await expect(page).toHaveURL(/stage=settled/);
  await expect(page).toHaveURL(/rating=verified/);
  const standings = page.locator('.claim-item .standing');
  const areVerified = async () => {
    await expect(page.getByLabel('Stage')).toHaveValue('settled');
    await expect(page.getByLabel('Rating')).toHaveValue('verified');
    await expect(standings.first()).toContainText('Verified');
    await expect(standings.filter({ hasNotText: 'Verified' })).toHaveCount(0);
  };
  await areVerified();
  await page.reload();
  await areVerified();
  await page.locator('.claim-item .says').first().click();
  await expect(page).toHaveURL(/\/claims\/[0-9a-f-]{36}/);
  await page.goBack();
  await areVerified();
  await page.getByRole('link', { name: 'Show all' }).click();
  await expect(page).toHaveURL('/claims');
});

test('words, phrases and words to leave out are searched for', async ({ as }) => {
  const page = await as('reviewer');
  const { town, ...report } = bridgeReport();
  await bringIn(page, { town, ...report } as typeof report);
  const find = async (words: string) => {
    await page.goto('/claims');
    await page.getByLabel('Words').fill(words);
    await page.getByRole('button', { name: 'Show' }).click();
    await expect(page.getByLabel('Words')).toHaveValue(words);
  };
  const rows = page.locator('.claim-item');
  await find(`${town} killed`);
  await expect(rows.filter({ hasText: '14 people were killed' })).toHaveCount(1);
  await find(`${town} killed -bridge`);
  await expect(rows).toHaveCount(0);
  await find('"wounded killed people were at least"');
  await expect(page.getByRole('heading', { name: 'No claim fits' })).toBeVisible();
});

test('the search box of every page leads to what is found, and on to all claims with the words', async ({ as }) => {
  const page = await as('guest');
  await page.goto('/dashboard');
  await page.getByRole('searchbox', { name: 'Find anything' }).fill('killed');
  await page.getByRole('searchbox', { name: 'Find anything' }).press('Enter');
  await expect(page).toHaveURL('/find?q=killed');
  await page.getByRole('link', { name: 'All claims with these words' }).click();
  await expect(page).toHaveURL('/claims?q=killed');
  await expect(page.locator('.claim-item').first()).toBeVisible();
});

test('the next page shows other claims, and the first page can be reached again', async ({ as }) => {
  const page = await as('guest');
  await page.goto('/claims?sort=newest');
  const hrefs = () => page.locator('.claim-item .says').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  const first = await hrefs();
  expect(first).toHaveLength(40);
  await page.getByRole('link', { name: 'Next page' }).click();
  await expect(page).toHaveURL(/cursor=/);
  const second = await hrefs();
  expect(second.length).toBeGreaterThan(0);
  expect(second.filter((href) => first.includes(href))).toEqual([]);
  await page.getByRole('link', { name: 'First page' }).click();
  await expect(page).toHaveURL('/claims?sort=newest');
});

for (const [query, word] of [['stage=finished', 'stage'], ['kind=rumour', 'kind'], ['article=7', 'article'], ['sort=best', 'sort'], ['cursor=%00', 'cursor']] as const) {
  test(`a filter that is not known is refused and named: ${query}`, async ({ as, silence }) => {
    silence.expectStatus(422);
    const page = await as('guest');
    const answer = await page.goto(`/claims?${query}`);
    expect(answer?.status()).toBe(422);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Something needs mending');
    await expect(page.getByRole('main')).toContainText(word);
  });
}

test('a list without claims says what to do next', async ({ as }) => {
  const page = await as('guest');
  await page.goto('/claims?q=zzyzxqv');
  await expect(page.locator('#claims-list')).toMatchAriaSnapshot(`
    - heading "No claim fits" [level=2]
    - paragraph:
      - link "Show all claims"
      - text: or loosen a filter.
  `);
});
