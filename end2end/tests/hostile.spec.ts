import { bringIn } from '../support/articles.ts';
import { attachEvidence, history, judge, save } from '../support/bench.ts';
import { expect, test, unique } from '../support/desk.ts';

const TITLE = '</title><script>document.body.dataset.broken = "title"</script>';
const IMAGE = '<img src=x onerror="document.body.dataset.broken = 1">';
const AREA = '</textarea><script>document.body.dataset.broken = "area"</script>';

test('hostile words in an article stay words', async ({ as }) => {
  const page = await as('reviewer');
  const mark = unique();
  const said = `${IMAGE} Seven people were killed in ${mark}, ${IMAGE} the mayor, Pavel ${mark}, said.`;
  const path = await bringIn(page, {
    title: `${TITLE} ${mark}`,
    outlet: IMAGE,
    author: AREA,
    address: `https://elsewhere.example/"><script>${mark}</script>`,
    text: said,
  });
  await page.locator('#article-claims .says').first().click();
  const claim = new URL(page.url()).pathname;
  for (const address of [path, claim, '/', '/articles', '/dashboard', `/claims?q=${mark}`, `/claims?q=${encodeURIComponent(IMAGE)}`]) {
    await page.goto(address);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.locator('body'), address).not.toHaveAttribute('data-broken');
    await expect(page.locator('img, script:not([nonce])'), address).toHaveCount(0);
  }
  await page.goto(path);
  await expect(page).toHaveTitle(`${TITLE} ${mark} · Claimdesk`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`${TITLE} ${mark}`);
  await expect(page.locator('#article-text')).toHaveText(said);
  await expect(page.locator('.by')).toContainText(`${IMAGE} · by ${AREA}`);
  await page.goto(claim);
  await expect(page.locator('.say')).toContainText('Seven people were killed');
});

test('hostile words in a form come back as words', async ({ as }) => {
  const page = await as('reviewer');
  const typed = `\n${AREA} &lt;b&gt; ${IMAGE}`;
  await page.goto('/intake');
  await page.getByLabel('Title').fill('  ');
  await page.getByLabel('Outlet').fill('"><script>document.body.dataset.broken = 1</script>');
  await page.getByLabel('Text', { exact: true }).fill(typed);
  await page.getByRole('button', { name: 'Find its claims' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.getByLabel('Text', { exact: true })).toHaveValue(typed);
  await expect(page.getByLabel('Outlet')).toHaveValue('"><script>document.body.dataset.broken = 1</script>');
  await expect(page.locator('body')).not.toHaveAttribute('data-broken');
  await page.getByRole('button', { name: 'Start over with empty fields' }).click();
});

test('hostile words in a verdict and in evidence stay words', async ({ as }) => {
  const page = await as('reviewer');
  await bringIn(page, { title: 'A fire', text: `Three people were killed in a fire in ${unique()}, the fire brigade said.` });
  await page.locator('#article-claims .says').first().click();
  await attachEvidence(page, { title: TITLE, excerpt: AREA, stance: 'refutes' });
  await expect(page.locator('.ev blockquote')).toHaveText(AREA);
  await judge(page, 'False', `${AREA}${IMAGE}`);
  await save(page);
  await expect(page.locator('.rationale')).toHaveText(`${AREA}${IMAGE}`);
  await expect((await history(page)).filter({ hasText: `${AREA}${IMAGE}` })).toBeVisible();
  await expect(page.locator('body')).not.toHaveAttribute('data-broken');
});

test('a claim’s title in the page title is escaped once', async ({ as }) => {
  const page = await as('reviewer');
  await bringIn(page, { title: 'Fish & chips <3', text: `Three people were killed at Fish & Chips in ${unique()}, the fire brigade said.` });
  await expect(page).toHaveTitle('Fish & chips <3 · Claimdesk');
  await page.locator('#article-claims .says').first().click();
  await expect(page).toHaveTitle(/Fish & Chips/);
});

test('no page lets another site frame it or a script be injected', async ({ as }) => {
  const page = await as('reviewer');
  const answer = await page.goto('/');
  const policy = answer?.headers()['content-security-policy'] ?? '';
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('unsafe-inline');
  expect(answer?.headers()['cache-control']).toBe('no-store');
});
