import type { Page } from '@playwright/test';
import { bridgeReport, bringIn } from '../support/articles.ts';
import { history, judge, judgeAndSave, save } from '../support/bench.ts';
import { Authenticator } from '../support/authenticator.ts';
import { a11y, expect, fits, islands, signIn, test } from '../support/desk.ts';

/** Sound for everybody, at this width, in light colours and dark. */
async function isSound(page: Page): Promise<void> {
  await fits(page);
  await a11y(page);
}

test('the sign-in page is sound', async ({ page }) => {
  await page.goto('/login?problem=not_signed_in&next=/claims');
  await isSound(page);
});

for (const path of ['/', '/claims', '/claims?q=zzyzxqv', '/claims?stage=published', '/claims/assign?stage=open', '/claims/assign?stage=open&to=nobody', '/articles', '/articles?due=all', '/dashboard', '/dashboard?days=90', '/dashboard?from=2024-03-01&to=2024-03-12', '/account', '/notifications']) {
  test(`${path} is sound`, async ({ as }) => {
    const page = await as('editor');
    await page.goto(path);
    await islands(page);
    await isSound(page);
  });
}

test('setting up a second factor is sound, from its beginning to its codes', async ({ anew, somebody }) => {
  const person = await somebody();
  const page = await anew(person);
  await page.goto('/account/second-factor');
  await isSound(page);
  await page.getByLabel('Your password').fill(person.password);
  await page.getByRole('button', { name: 'Begin' }).click();
  await expect(page.locator('.key')).toBeVisible();
  await isSound(page);
  const authenticator = new Authenticator(await page.locator('.key code').innerText());
  await page.getByLabel('Code', { exact: true }).fill(authenticator.next());
  await page.getByRole('button', { name: 'Switch it on' }).click();
  await expect(page.locator('.codes')).toBeVisible();
  await isSound(page);
  await page.goto('/account/second-factor?problem=invalid&field=code&form=off');
  await isSound(page);
  await page.context().clearCookies();
  await page.goto('/login');
  await signIn(page, person);
  await expect(page).toHaveURL(/\/login\/code/);
  await isSound(page);
});

test('the accounts are sound', async ({ as }) => {
  const page = await as('admin');
  await page.goto('/admin/accounts');
  await isSound(page);
});

test('the scales and the form that changes one are sound', async ({ as }) => {
  const page = await as('admin');
  await page.goto('/admin/scales');
  await isSound(page);
  await page.goto('/admin/scales/airwars');
  await page.getByText('into a new version').click();
  await isSound(page);
});

test('the desk of a viewer is sound', async ({ as }) => {
  const page = await as('guest');
  await page.goto('/');
  await isSound(page);
});

test('the form to add an article is sound, empty and refused', async ({ as }) => {
  const page = await as('reviewer');
  await page.goto('/intake');
  await isSound(page);
  await page.getByLabel('Title').fill('   ');
  await page.getByRole('button', { name: 'Find its claims' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await isSound(page);
  await page.getByRole('button', { name: 'Start over with empty fields' }).click();
});

test('an article is sound', async ({ as }) => {
  const page = await as('reviewer');
  await bringIn(page, { ...bridgeReport(), title: 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft' });
  await isSound(page);
  await page.getByRole('link', { name: 'flow', exact: true }).click();
  await expect(page.getByRole('link', { name: /^Take off: / })).toBeVisible();
  await isSound(page);
});

test('the workbench is sound: claim, forms, verdict, history', async ({ as }) => {
  const page = await as('editor');
  await bringIn(page, { ...bridgeReport(), text: `${bridgeReport().text}\n\n${'https://long-address.example/'.repeat(12)}` });
  await page.locator('#article-claims .says').nth(1).click();
  await page.getByRole('button', { name: 'Take it' }).click();
  await expect(page.getByText('The claim is yours to check.')).toBeVisible();
  await isSound(page);

  await page.locator('summary', { hasText: 'Add evidence' }).click();
  await page.getByText('Not a claim, or a duplicate').click();
  await page.locator('.why summary').click();
  await isSound(page);

  await page.getByLabel('Title').fill('x'.repeat(200));
  await page.getByLabel('Excerpt').fill('y'.repeat(400));
  await page.getByRole('radio', { name: 'supports' }).check();
  await page.getByRole('button', { name: 'Attach' }).click();
  await expect(page.getByText('Evidence saved.')).toBeVisible();
  await judgeAndSave(page, 'Missing context', 'z'.repeat(300));
  await page.getByText('Correct or withdraw').click();
  await history(page);
  await page.getByText('Reopen', { exact: false }).first().click();
  await isSound(page);
});

test('what can be corrected is sound, shut, open and refused', async ({ as }) => {
  const page = await as('reviewer');
  await bringIn(page, bridgeReport());
  await page.locator('#article-claims .says').nth(1).click();
  await page.locator('#correct > details > summary').click();
  await isSound(page);
  for (const summary of await page.locator('#correct .part > summary').all()) await summary.click();
  await isSound(page);
  const { wide, scrolled } = await page.evaluate(() => {
    document.querySelector('#correct .part:last-child button')?.scrollIntoView();
    return { wide: innerWidth > 960, scrolled: scrollY };
  });
  if (wide) expect(scrolled, 'beside the article only the panel scrolls').toBe(0);
  const words = page.locator('#correct .part').first();
  await words.getByLabel('The claim’s words').fill('These words do not stand in the article.');
  await words.getByRole('button', { name: 'Correct it' }).click();
  await expect(words.getByText('does not stand in the article')).toBeVisible();
  await isSound(page);
});

test('what somebody else holds, and a conflict, are sound', async ({ as }) => {
  const [page, colleague] = [await as('reviewer'), await as('colleague')];
  await bringIn(page, bridgeReport());
  await page.locator('#article-claims .says').first().click();
  await colleague.goto(page.url());
  await judge(colleague, 'False', 'Nobody was there.');
  await judgeAndSave(page, 'Verified', 'Everybody was there.');
  await save(colleague);
  await expect(colleague.locator('table.differs')).toBeVisible();
  await isSound(colleague);

  await page.locator('article a.on-text').first().click();
  await page.getByRole('button', { name: 'Take it' }).click();
  await expect(page.getByText('The claim is yours to check.')).toBeVisible();
  await colleague.goto(page.url());
  await expect(colleague.locator('#claim-head')).toContainText('being checked by');
  await isSound(colleague);
});

test('talk is sound: comments, answers, forms, and who is told of them', async ({ as, somebody }) => {
  const asked = await somebody();
  const [page, colleague] = [await as('reviewer'), await as(asked)];
  await bringIn(page, bridgeReport());
  await page.locator('#article-claims .says').nth(1).click();
  for (const [text, words] of [[`@${asked.email.split('@')[0]}, is this ${'x'.repeat(80)}?`, 'Dozens of cars'], ['And this?', '']] as const) {
    await page.locator('#talk > details > summary').click();
    await page.getByLabel('Comment', { exact: true }).fill(text);
    await page.getByLabel('About these words of the article').fill(words);
    await page.getByRole('button', { name: 'Say it' }).last().click();
    await expect(page.getByText('The comment is here.')).toBeVisible();
  }
  for (const summary of await page.locator('#talk summary').all()) await summary.click();
  await isSound(page);
  await colleague.goto('/notifications');
  await expect(colleague.locator('.told .claim-item')).toBeVisible();
  await isSound(colleague);
});

test('the list of keys is sound', async ({ as }) => {
  const page = await as('reviewer');
  await page.goto('/');
  await islands(page);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
  await isSound(page);
});

for (const [path, status] of [['/nowhere', 404], ['/claims?stage=finished', 422], ['/admin/accounts', 403]] as const) {
  test(`the page that says ${status} is sound`, async ({ as, silence }) => {
    silence.expectStatus(status);
    const page = await as('reviewer');
    await page.goto(path);
    await isSound(page);
  });
}
