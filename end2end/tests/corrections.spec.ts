import type { Locator, Page } from '@playwright/test';
import { bridgeReport, bringIn, type Article } from '../support/articles.ts';
import { history } from '../support/bench.ts';
import { expect, test } from '../support/desk.ts';

/** Opens a claim of the article by some of its words; gives its address. */
async function open(page: Page, words: string): Promise<string> {
  await page.locator('#article-claims .says').filter({ hasText: words }).first().click();
  await expect(page.locator('#claim-head')).toContainText(words);
  return new URL(page.url()).pathname;
}

/** One part of what can be corrected, opened. */
async function part(page: Page, title: string | RegExp): Promise<Locator> {
  const all = page.locator('#correct > details');
  if ((await all.getAttribute('open')) === null) await all.locator('> summary').click();
  const one = all.locator('.part').filter({ has: page.locator('> summary', { hasText: title }) }).first();
  if ((await one.getAttribute('open')) === null) await one.locator('> summary').click();
  return one;
}

async function correct(page: Page, form: Locator): Promise<void> {
  await form.getByRole('button', { name: 'Correct it' }).click();
  await expect(page.getByText('Corrected. Reading the text again will not change it back.')).toBeVisible();
}

test('words, kind, source and figures are corrected, and a new version of the text leaves them alone', async ({ as, person }) => {
  const page = await as('reviewer');
  const { name } = await person('reviewer');
  const report: Article = bridgeReport();
  await bringIn(page, report);
  const claim = await open(page, '400 residents');

  const words = await part(page, 'The words');
  await words.getByLabel('The claim’s words').fill('about  400 RESIDENTS were evacuated');
  await correct(page, words);
  await expect(page.locator('#claim-head .say')).toHaveText('about 400 residents were evacuated');
  await expect(page.locator('mark.here')).toHaveText('about 400 residents were evacuated');

  const kind = await part(page, 'Kind:');
  await kind.getByLabel('Kind').selectOption('count');
  await correct(page, kind);

  const source = await part(page, 'Who says so');
  await source.getByLabel('Name').fill('Ilona Brandt');
  await source.getByLabel('Role').fill('director');
  await correct(page, source);
  await expect(page.locator('#who')).toContainText('Ilona Brandt');
  await expect(page.locator('#who')).toContainText(`Who says so corrected by ${name}`);

  // Read as a statement, and it was a denial.
  const denial = await part(page, 'Who says so');
  await denial.getByLabel('What it does with the claim').selectOption('denied');
  await correct(page, denial);
  await expect((await history(page)).filter({ hasText: '(denies it)' })).toContainText(name);
  const again = await part(page, 'Who says so');
  await expect(again.getByLabel('What it does with the claim')).toHaveValue('denied');
  await again.getByLabel('What it does with the claim').selectOption('asserted');
  await correct(page, again);

  const figure = await part(page, 'Figure:');
  await figure.getByLabel('How many').fill('at least 380');
  await figure.getByLabel('Civilians or combatants').selectOption('civilian');
  await figure.getByLabel('How it is known').selectOption('claimed');
  await correct(page, figure);
  const chip = page.locator('#claim-head .tag').filter({ hasText: 'at least 380' });
  await expect(chip).toContainText('civilians');
  await expect(chip).toContainText('claimed');
  await expect(page.locator('#claim-head .corrected')).toHaveText(`The words, the kind, the figures corrected by ${name}`);

  const added = await part(page, 'Add a figure');
  await added.getByLabel('How many').fill('two');
  await added.getByLabel('Of what').selectOption('damaged');
  await added.getByLabel('Who or what is counted').fill('streets');
  await added.getByRole('button', { name: 'Add it' }).click();
  await expect(page.locator('#claim-head .tag').filter({ hasText: 'streets damaged' })).toBeVisible();
  const gone = await part(page, 'streets damaged');
  await gone.getByRole('button', { name: 'Remove it' }).click();
  await expect(page.locator('#claim-head .tag').filter({ hasText: 'streets damaged' })).toHaveCount(0);

  const said = await history(page);
  for (const words of ['corrected the words: “', 'corrected the kind:', 'corrected who says so:', 'corrected a figure:', 'added a figure: 2 streets damaged', 'removed a figure: 2 streets damaged']) {
    await expect(said.filter({ hasText: words }).first()).toContainText(name);
  }

  await bringIn(page, { ...report, text: `Updated in the evening.\n\n${report.text}` });
  await page.goto(claim);
  await expect(page.locator('.read .by')).toContainText('version 2 of 2');
  await expect(page.locator('#claim-head .say')).toHaveText('about 400 residents were evacuated');
  await expect(page.locator('mark.here')).toHaveText('about 400 residents were evacuated');
  await expect(page.locator('#claim-head .tag').filter({ hasText: 'at least 380' })).toBeVisible();
  await expect(page.locator('#who')).toContainText('Ilona Brandt');
});

test('what cannot be taken comes back beside its field, with everything that was typed', async ({ as }) => {
  const page = await as('reviewer');
  await bringIn(page, bridgeReport());
  await open(page, '400 residents');

  let form = await part(page, 'The words');
  const words = form.getByLabel('The claim’s words');
  await words.fill('five hundred residents were evacuated');
  await form.getByRole('button', { name: 'Correct it' }).click();
  await expect(words).toHaveAttribute('aria-invalid', 'true');
  await expect(words).toHaveValue('five hundred residents were evacuated');
  await expect(form).toContainText('“five hundred residents were evacuated” does not stand in the article.');
  await form.getByRole('button', { name: 'Discard the draft' }).click();
  form = await part(page, 'The words');
  await expect(words).toHaveValue(/400 residents/);

  const figure = await part(page, 'Figure:');
  await figure.getByLabel('How many').fill('nobody knows');
  await figure.getByLabel('Whose side').fill('the eastern bank');
  await figure.getByLabel('The text denies it').check();
  await figure.getByRole('button', { name: 'Correct it' }).click();
  await expect(figure.getByLabel('How many')).toHaveAttribute('aria-invalid', 'true');
  await expect(figure.getByLabel('How many')).toHaveValue('nobody knows');
  await expect(figure.getByLabel('Whose side')).toHaveValue('the eastern bank');
  await expect(figure.getByLabel('The text denies it')).toBeChecked();
  await figure.getByLabel('How many').fill('400');
  await correct(page, figure);
  await expect(page.locator('#claim-head .tag').filter({ hasText: 'denied: 400' })).toContainText('the eastern bank');
});

test('two people correct a claim at once: the second sees what differs', async ({ as, person }) => {
  const [first, second] = [await as('reviewer'), await as('colleague')];
  await bringIn(first, bridgeReport());
  const claim = await open(first, '400 residents');
  await second.goto(claim);
  const theirs = await part(second, 'Kind:');
  await theirs.getByLabel('Kind').selectOption('event');

  const mine = await part(first, 'Kind:');
  await mine.getByLabel('Kind').selectOption('count');
  await correct(first, mine);

  await theirs.getByRole('button', { name: 'Correct it' }).click();
  const faster = (await person('reviewer')).name;
  await expect(second.getByRole('alert')).toContainText(`${faster} changed this meanwhile.`);
  const row = (field: string) => second.locator('table.differs').getByRole('row').filter({ has: second.getByRole('rowheader', { name: field, exact: true }) }).getByRole('cell');
  await expect(row('Claim')).toHaveText(['as you saw it', 'corrected the kind: displacement became count']);
  await expect(row('Kind')).toHaveText(['event', 'count']);
  await expect(theirs.getByLabel('Kind')).toHaveValue('event');
  await correct(second, theirs);
  await expect(second.locator('#claim-head')).toContainText('event');
});

test('a claim is split, and its parts are merged again; nothing is lost', async ({ as }) => {
  const page = await as('reviewer');
  await bringIn(page, bridgeReport());
  const whole = await open(page, '400 residents');
  const split = await part(page, 'Split into several claims');
  await split.getByLabel('The parts').fill('about 400 residents were evacuated\n\ntwo streets below the bridge');
  await split.getByRole('button', { name: 'Split it' }).click();
  await expect(page.getByText('The claim was split.')).toBeVisible();
  await expect(page.locator('#claim-head .say')).toHaveText('about 400 residents were evacuated');
  await expect(page.locator('#claim-head')).toContainText('Split off from:');

  await page.goto(whole);
  await expect(page.locator('#claim-head')).toContainText('Dismissed');
  await expect(page.locator('#claim-head')).toContainText('This claim was split into:');
  await page.locator('#claim-head').getByRole('link', { name: 'about 400 residents were evacuated' }).click();

  const merge = await part(page, 'Merge with a claim next to it');
  await merge.getByRole('button', { name: 'Merge them' }).click();
  await expect(merge).toContainText('Choose the claim to merge with this one.');
  await merge.getByLabel('two streets below the bridge').check();
  await merge.getByRole('button', { name: 'Merge them' }).click();
  await expect(page.getByText('The claims are one now.')).toBeVisible();
  await expect(page.locator('#claim-head .say')).toHaveText('about 400 residents were evacuated from two streets below the bridge');
  await page.locator('#claim-head').getByRole('link', { name: 'two streets below the bridge', exact: true }).click();
  await expect(page.locator('#claim-head')).toContainText('This claim was merged into:');
});

test('what was found is not corrected by viewers, nor while it is decided', async ({ as }) => {
  const [page, guest] = [await as('reviewer'), await as('guest')];
  await bringIn(page, bridgeReport());
  const claim = await open(page, '400 residents');
  await guest.goto(claim);
  await expect(guest.locator('#who')).toContainText('Pavel Orsic');
  await expect(guest.locator('#correct')).toHaveCount(0);

  await page.getByText('Not a claim, or a duplicate').click();
  await page.getByLabel('Reason to dismiss it').fill('Told twice.');
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await page.goto(claim);
  await expect(page.locator('#correct')).toHaveText('What was found can be corrected once the claim is back in the queue.');
});

test('the reading view says who says so, how much, why it ranks there, and what was corrected', async ({ as, person }) => {
  const page = await as('reviewer');
  const { name } = await person('reviewer');
  const article = await bringIn(page, bridgeReport());
  await open(page, '400 residents');
  const kind = await part(page, 'Kind:');
  await kind.getByLabel('Kind').selectOption('count');
  await correct(page, kind);

  await page.goto(article);
  const item = page.locator('#article-claims .claim-item').filter({ hasText: '400 residents' });
  await expect(item).toContainText('Pavel Orsic');
  await expect(item.locator('.tag').filter({ hasText: 'about 400' })).toContainText('residents');
  await expect(item).toContainText(`The kind corrected by ${name}`);
  await item.getByText('Priority').click();
  await expect(item.locator('.why li').first()).toContainText('worth checking');
});
