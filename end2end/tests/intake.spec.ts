import type { Page } from '@playwright/test';
import { bridgeReport, bringIn, flash, type Article } from '../support/articles.ts';
import { expect, test } from '../support/desk.ts';

const labels = { title: 'Title', outlet: 'Outlet', author: 'Author', address: 'Address', published: 'Published (UTC)', text: 'Text' };

async function fill(page: Page, article: Partial<Article>): Promise<void> {
  for (const [name, value] of Object.entries(article)) {
    const label = labels[name as keyof typeof labels];
    if (label) await page.getByLabel(label, { exact: true }).fill(value ?? '');
  }
}

async function expectTyped(page: Page, article: Partial<Article>): Promise<void> {
  for (const [name, value] of Object.entries(article)) {
    const label = labels[name as keyof typeof labels];
    if (label) await expect(page.getByLabel(label, { exact: true })).toHaveValue(value ?? '');
  }
}

/** The form as it is without a draft. */
async function empty(page: Page): Promise<void> {
  await page.request.post('/actions/drafts/discard', { form: { form: 'intake', page: '/intake' } });
  await page.goto('/intake');
}

test('the form to add an article is what it was', async ({ as }) => {
  const page = await as('reviewer');
  await empty(page);
  await expect(page.getByRole('main')).toMatchAriaSnapshot(`
    - main:
      - heading "Add an article" [level=1]
      - paragraph: /Paste the text/
      - text: Title
      - textbox "Title"
      - paragraph: The headline.
      - text: Outlet
      - textbox "Outlet"
      - paragraph: Who publishes it.
      - text: Author
      - textbox "Author"
      - text: Address
      - textbox "Address"
      - paragraph: /Where it stands on the web/
      - text: Published (UTC)
      - textbox "Published (UTC)"
      - paragraph: /Dates such as/
      - text: Text
      - textbox "Text"
      - paragraph: /Paragraphs set apart by empty lines/
      - button "Find its claims"
  `);
});

test('a pasted article gives its claims, each with who says it', async ({ as }) => {
  const page = await as('reviewer');
  await empty(page);
  const report = bridgeReport();
  await fill(page, report);
  await page.getByRole('button', { name: 'Find its claims' }).click();

  await expect(page.getByText('The article was added.')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(report.title);
  await expect(page.locator('.by')).toContainText('The Valley Courier · by Petra Lund · 14 May 2024, 17:30 UTC · original');
  const claims = page.locator('#article-claims .claim-item');
  const claim = (words: string) => claims.filter({ hasText: words });
  await expect(claim('14 people were killed')).toContainText(/rescuers/i);
  await expect(claim('31 wounded')).toContainText('Ilona Brandt');
  await expect(claim('nine of them were children')).toContainText('Ilona Brandt');
  await expect(claim('400 residents were evacuated')).toContainText('Pavel Orsic');
  await expect(claim('Dozens of cars were destroyed')).toContainText('Pavel Orsic');
  await expect(page.locator('#clearance')).toContainText(/Not yet: \d+ of \d+ claims still have to be checked\./);

  await claim('31 wounded').locator('.says').click();
  await expect(page.locator('#who')).toContainText('Ilona Brandt');
  await expect(page.locator('#who')).toContainText('director');
  await expect(page.locator('#who')).toContainText('The Valley Courier');
  await expect(page.locator('#who')).toContainText('quoted directly');
  await expect(page.locator('#claim-head')).toContainText('31');
  await expect(page.locator('article mark.here').first()).toContainText('31 wounded');
  await expect(page.locator('article mark.speaker').first()).toContainText('Ilona Brandt');
});

const mistakes = [
  { name: 'a blank title', change: { title: '   ' }, field: 'Title', words: /This may not be empty\./ },
  { name: 'no text', change: { text: '' }, field: 'Text', words: /Paste the article.s text\./ },
  { name: 'an address that is not of the web', change: { address: 'ftp://valley-courier.example/news' }, field: 'Address', words: /https?:\/\// },
];

for (const { name, change, field, words } of mistakes) {
  test(`${name} is refused beside its field, and nothing that was typed is lost`, async ({ as }) => {
    const page = await as('reviewer');
    await empty(page);
    const typed = { ...bridgeReport(), ...change };
    await fill(page, typed);
    await page.getByRole('button', { name: 'Find its claims' }).click();

    await expect(page).toHaveURL('/intake');
    const wrong = page.getByLabel(field, { exact: true });
    await expect(wrong).toHaveAttribute('aria-invalid', 'true');
    await expect(wrong).toHaveAccessibleDescription(words);
    await expect(page.getByRole('alert')).toHaveText(words);
    await expectTyped(page, typed);

    await page.getByRole('alert').getByRole('link').click();
    await expect(wrong).toBeFocused();
    await page.getByRole('button', { name: 'Start over with empty fields' }).click();
    await expect(page.getByText('The draft is thrown away.')).toBeVisible();
    await expectTyped(page, { title: '', text: '', address: '' });
  });
}

test('a text that is too large is refused with the limit', async ({ as }) => {
  const page = await as('reviewer');
  await empty(page);
  await fill(page, { title: 'Too much', text: 'All the words of a very long year. '.repeat(31_000) });
  await page.getByRole('button', { name: 'Find its claims' }).click();
  await expect(page.getByLabel('Text', { exact: true })).toHaveAccessibleDescription(/the most is 1,048,576/);
  await expect(page.getByLabel('Title', { exact: true })).toHaveValue('Too much');
  await empty(page);
});

test('the same text twice is the same article', async ({ as }) => {
  const page = await as('reviewer');
  await empty(page);
  const article = flash();
  const first = await bringIn(page, article);
  await page.goto('/intake');
  await fill(page, article);
  await page.getByRole('button', { name: 'Find its claims' }).click();
  await expect(page.getByText('The desk has this text already; nothing changed.')).toBeVisible();
  expect(new URL(page.url()).pathname).toBe(first);
});

test('a later text at the same address is the next version of the article', async ({ as }) => {
  const page = await as('reviewer');
  await empty(page);
  const report = bridgeReport();
  const first = await bringIn(page, report);
  await page.goto('/intake');
  await fill(page, { ...report, text: report.text.replace('At least 14 people', 'At least 17 people') });
  await page.getByRole('button', { name: 'Find its claims' }).click();
  await expect(page.getByText('the text was added as a new version')).toBeVisible();
  expect(new URL(page.url()).pathname).toBe(first);
  await expect(page.locator('#article-text')).toContainText('At least 17 people');
  await expect(page.locator('#article-claims')).toContainText('Only in an earlier version');
});

test('letters of every script, and signs of none, come through unchanged', async ({ as }) => {
  const page = await as('reviewer');
  const odd = '北京 ٣٥ ‏שלום 👩🏽‍🚒 e\u0301 ’ “ … \u202Ereversed\u202C <b>&amp;</b>';
  await bringIn(page, { ...flash(), title: `Odd ${odd}`, text: `${flash().text}\n\n${odd}` });
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Odd ${odd}`);
  await expect(page.locator('#article-text')).toContainText(odd);
});
