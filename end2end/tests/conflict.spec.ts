import { bringInOneClaim } from '../support/articles.ts';
import { expect, test } from '../support/desk.ts';

test('two people save a verdict at once: the second sees what differs, loses nothing, and both stand in the history', async ({ as, person }) => {
  const [first, second] = [await as('reviewer'), await as('colleague')];
  const claim = await bringInOneClaim(first);
  await second.goto(claim);

  await first.getByText('Verified', { exact: true }).click();
  await first.getByLabel('Why').fill('The brigade’s log says the same.');
  await first.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(first.getByText('Verdict saved.')).toBeVisible();

  await second.getByText('False', { exact: true }).click();
  await second.getByLabel('Why').fill('The hospital admitted nobody.');
  await second.getByLabel('Figure the evidence supports').fill('0');
  await second.getByRole('button', { name: 'Save', exact: true }).click();

  const faster = (await person('reviewer')).name;
  await expect(second.getByRole('alert')).toHaveText(`${faster} changed this meanwhile. What you wrote is kept; compare and send it again.`);
  const row = (field: string) => second.locator('table.differs').getByRole('row', { name: field });
  await expect(row('Rating').getByRole('cell')).toHaveText(['False', 'Verified']);
  await expect(row('Rationale').getByRole('cell')).toHaveText(['The hospital admitted nobody.', 'The brigade’s log says the same.']);
  await expect(row('Figure').getByRole('cell')).toHaveText(['0', 'nothing']);
  await expect(second.getByRole('radio', { name: 'False' })).toBeChecked();
  await expect(second.getByLabel('Why')).toHaveValue('The hospital admitted nobody.');
  await expect(second.getByLabel('Figure the evidence supports')).toHaveValue('0');

  await second.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(second.getByText('Verdict saved.')).toBeVisible();
  await expect(second.locator('#verdicts .given').first()).toContainText('The hospital admitted nobody.');
  await second.getByText(/History, \d+ entries/).click();
  const history = second.locator('#history li');
  await expect(history.filter({ hasText: 'in place of Verified' })).toContainText((await person('colleague')).name);
  await expect(history.filter({ hasText: 'gave the verdict Verified' })).toContainText(faster);
});

test('two people correct the same evidence: the second sees what differs', async ({ as }) => {
  const [first, second] = [await as('reviewer'), await as('colleague')];
  const claim = await bringInOneClaim(first);
  await first.getByText('Add evidence').click();
  await first.getByLabel('Title').fill('Log of the fire brigade');
  await first.getByLabel('Excerpt').fill('Three dead, one injured.');
  await first.getByLabel('supports').check();
  await first.getByRole('button', { name: 'Attach' }).click();
  await expect(first.getByText('Evidence saved.')).toBeVisible();

  for (const [page, words] of [[first, 'Three dead, two injured.'], [second, 'Three dead, none injured.']] as const) {
    await page.goto(claim);
    await page.getByText('Correct or withdraw').click();
    await page.locator('.ev').getByLabel('Excerpt').fill(words);
  }
  await first.getByRole('button', { name: 'Save the correction' }).click();
  await expect(first.getByText('Evidence saved.')).toBeVisible();
  await second.getByRole('button', { name: 'Save the correction' }).click();

  const differs = second.locator('table.differs').getByRole('row', { name: 'Excerpt' }).getByRole('cell');
  await expect(differs).toHaveText(['Three dead, none injured.', 'Three dead, two injured.']);
  await expect(second.locator('.ev').getByLabel('Excerpt')).toHaveValue('Three dead, none injured.');
  await second.getByRole('button', { name: 'Save the correction' }).click();
  await expect(second.locator('.ev blockquote')).toHaveText('Three dead, none injured.');
});
