// What each side says of one event, how it is told when it does not fit, and that people have the last
// word on what belongs to it.
import { a11y, expect, test, unique } from '../support/desk.ts';
import { twoReports } from '../support/articles.ts';

test('two sources that contradict each other stand on one ledger, each with its number', async ({ as, hasScripts }) => {
  const page = await as('editor');
  const town = `Orha${unique()}`;
  await twoReports(page, town);
  await page.goto(`/incidents?q=${town}`);
  await page.locator('.incident-item .says').first().click();
  const figures = page.locator('#figures');
  await expect(figures).toContainText('41');
  await expect(figures).toContainText('19');
  await expect(figures.getByRole('img', { name: /Killed by source over time/ }).first()).toBeVisible();
  await expect(figures.getByRole('list', { name: 'What does not fit' })).toContainText('not all of these can be right');
  if (hasScripts) await a11y(page);
  await figures.getByText(/^All \d+ figures on record/).click();
  await expect(figures.getByRole('table')).toContainText('Civil Rescue League');
  for (const ending of ['svg', 'csv'] as const) {
    const link = figures.getByRole('link', { name: ending === 'svg' ? 'Chart as SVG' : 'Figures as CSV' });
    const answer = await page.request.get((await link.getAttribute('href'))!);
    expect(answer.status()).toBe(200);
    const text = await answer.text();
    expect(text).toContain('Civil Rescue League');
    if (ending === 'svg') expect(text).toMatch(/^<\?xml[^>]*>\s*<svg[^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
  }
});

test('a person takes a claim out of an incident, and takes that back', async ({ as }) => {
  const page = await as('editor');
  const town = `Orha${unique()}`;
  await twoReports(page, town);
  await page.goto(`/incidents?q=${town}`);
  await page.locator('.incident-item .says').first().click();
  const address = page.url();
  const members = page.locator('#members .claim-item');
  const before = await members.count();
  expect(before).toBeGreaterThan(1);
  await members.first().getByRole('button', { name: /^Not about it/ }).click();
  await expect(page.getByRole('status').first()).toContainText('not about this incident');
  await expect(members).toHaveCount(before - 1);
  await page.locator('#changes').getByRole('button', { name: /^Undo/ }).first().click();
  await page.goto(address);
  await expect(members).toHaveCount(before);
});

test('an editor sets what the desk holds, with its basis, and it goes before the rules', async ({ as }) => {
  const page = await as('editor');
  const town = `Orha${unique()}`;
  await twoReports(page, town);
  await page.goto(`/incidents?q=${town}`);
  await page.locator('.incident-item .says').first().click();
  await page.getByText('Set what the desk holds').click();
  await page.getByLabel('The figure').fill('19-41');
  await page.getByLabel('On what basis').fill('Both counts until the lists are compared.');
  await page.getByRole('button', { name: 'Set it' }).click();
  await expect(page.locator('.holds')).toContainText('19–41');
  await expect(page.locator('.basis')).toContainText('Both counts until the lists are compared.');
});
