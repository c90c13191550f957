// Ten outlets that quote one ministry are one source. The scale that asks for two says so.
import { bringIn } from '../support/articles.ts';
import { attachEvidence, save } from '../support/bench.ts';
import { a11y, expect, fits, test, unique } from '../support/desk.ts';

test('ten outlets that quote one ministry do not make two sources', async ({ as, hasScripts }) => {
  const page = await as('reviewer');
  const town = unique();
  await bringIn(page, {
    title: `Raid near ${town}`,
    outlet: 'The Valley Courier',
    text: `At least 12 people were killed in a raid near ${town}, the Defence Ministry said.`,
  });
  await page.locator('#article-claims .says').first().click();
  const claim = new URL(page.url());

  // Ten outlets report it, each in its own words.
  const id = claim.pathname.split('/').at(-1) ?? '';
  const words = [
    `According to the Defence Ministry, at least 12 people were killed near ${town}.`,
    `At least 12 people were killed near ${town}, the Defence Ministry said.`,
    `The Defence Ministry said that at least 12 people were killed near ${town}.`,
  ];
  for (let outlet = 1; outlet <= 10; outlet++) {
    const form = { claim: id, title: `Report ${outlet}`, excerpt: words[outlet % 3] ?? '', stance: 'supports', publisher: `Outlet ${outlet}` };
    const answer = await page.request.post('/actions/evidence/add', { form });
    expect(answer.url()).toContain('done=evidence');
  }
  await page.goto(claim.pathname);
  await expect(page.locator('.ev')).toHaveCount(10);
  const piece = page.locator('.ev').first();
  await expect(piece).toContainText(/From defence ministry/i);
  await expect(piece).toContainText('read in the excerpt');
  await expect(piece).toContainText('passed on by Outlet 1');

  // The scale of the two sources is chosen in the address.
  await page.getByText('Scale: Default').click();
  await page.getByRole('link', { name: 'Two sources (after IBC)' }).click();
  await expect(page).toHaveURL(/scale=two_sources/);
  const unmet = page.locator('#unmet-recorded');
  await expect(unmet).toHaveText(
    /^Recorded needs 2 independent original sources; the supporting evidence has 1: defence ministry \(10 pieces\)\.$/i,
  );
  await page.getByRole('radio', { name: /^Recorded/ }).check();
  await page.getByLabel('Why').fill('Ten outlets have it.');
  await save(page);
  await expect(page).toHaveURL(/scale=two_sources/);
  await expect(page.locator('#verdict').getByRole('alert')).toContainText('It takes the role of editor or above to override it.');
  await expect(page.getByLabel('Why')).toHaveValue('Ten outlets have it.');
  await fits(page);
  if (hasScripts) await a11y(page);

  // One who saw it is a second source.
  await page.goto(`${claim.pathname}?scale=two_sources`);
  await attachEvidence(page, {
    title: 'Call to the hospital',
    excerpt: `The District Hospital said that 12 people were killed near ${town}.`,
    stance: 'supports',
  });
  await page.goto(`${claim.pathname}?scale=two_sources`);
  await expect(page.locator('#unmet-recorded')).toHaveCount(0);
  await page.getByRole('radio', { name: /^Recorded/ }).check();
  await page.getByLabel('Why').fill('The ministry and the hospital say so.');
  await save(page);
  await expect(page.getByText('Verdict saved.')).toBeVisible();
  await expect(page.locator('#verdicts .given').first()).toContainText('Recorded');
  await expect(page.locator('#verdicts .given').first()).toContainText('Two sources (after IBC), version 1');
});

test('a source is graded on its page, with a reason that stays', async ({ as, person, hasScripts }) => {
  const page = await as('reviewer');
  const town = unique();
  await bringIn(page, { title: `Fire in ${town}`, text: `Three people were killed in a fire in ${town}, the fire brigade said.` });
  await page.locator('#article-claims .says').first().click();
  await attachEvidence(page, { title: 'Statement', excerpt: `The ${town} Observer said that three people were killed.`, stance: 'supports' });
  await page.locator('.ev').first().getByRole('link', { name: `${town} Observer` }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`${town} Observer`);
  await expect(page.locator('#grade')).toContainText('F says that nothing is known, not that it is bad.');
  await page.getByLabel('Grade').selectOption('C');
  await page.getByLabel('Why').fill('Right about the bridge last year.');
  await page.getByRole('button', { name: 'Set the grade' }).click();
  await expect(page.getByText('The grade is set')).toBeVisible();
  await expect(page.locator('#grade .history')).toContainText(`${(await person('reviewer')).name} graded it C`);
  await fits(page);
  if (hasScripts) await a11y(page);
});
