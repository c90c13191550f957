import { bringInOneClaim } from '../support/articles.ts';
import { attachEvidence, history, judge, judgeAndSave, rating, save } from '../support/bench.ts';
import { a11y, expect, test } from '../support/desk.ts';

test('two people save a verdict at once: the second sees what differs, loses nothing, and both stand in the history', async ({ as, person }) => {
  const [first, second] = [await as('reviewer'), await as('colleague')];
  const claim = await bringInOneClaim(first);
  await second.goto(claim);

  await judgeAndSave(first, 'Verified', 'The brigade’s log says the same.');

  await judge(second, 'False', 'The hospital admitted nobody.', '0');
  await save(second);

  const faster = (await person('reviewer')).name;
  await expect(second.getByRole('alert')).toHaveText(`${faster} changed this meanwhile. What you wrote is kept; compare and send it again.`);
  const row = (field: string) => second.locator('table.differs').getByRole('row', { name: field });
  await expect(row('Rating').getByRole('cell')).toContainText(['False', 'Verified']);
  await expect(row('Rationale').getByRole('cell')).toContainText(['The hospital admitted nobody.', 'The brigade’s log says the same.']);
  await expect(row('Figure').getByRole('cell')).toContainText(['0', 'nothing']);
  await expect(rating(second, 'False')).toBeChecked();
  await expect(second.getByRole('textbox', { name: 'Why', exact: true })).toHaveValue('The hospital admitted nobody.');
  await expect(second.getByLabel('Figure the evidence supports')).toHaveValue('0');

  await save(second);
  await expect(second.getByText('Verdict saved.')).toBeVisible();
  await expect(second.locator('#verdicts .given').first()).toContainText('The hospital admitted nobody.');
  const entries = await history(second);
  await expect(entries.filter({ hasText: 'in place of Verified' })).toContainText((await person('colleague')).name);
  await expect(entries.filter({ hasText: 'gave the verdict Verified' })).toContainText(faster);
});

test('what differs is merged field by field: one’s own rating with the other’s words', async ({ hasScripts, as }) => {
  const [first, second] = [await as('reviewer'), await as('colleague')];
  const claim = await bringInOneClaim(first);
  await second.goto(claim);
  await judgeAndSave(first, 'Verified', 'The brigade’s log says the same.', '3');
  await judge(second, 'Disputed', 'The hospital admitted nobody.', '2');
  await save(second);
  const row = (field: string) => second.locator('table.differs').getByRole('row', { name: field });
  await row('Rationale').getByRole('radio', { name: 'Take what is saved now' }).check();
  await row('Figure').getByRole('radio', { name: 'Take what is saved now' }).check();
  if (hasScripts) await a11y(second);
  await save(second);
  await expect(second.getByText('Verdict saved.')).toBeVisible();
  const standing = second.locator('#verdicts .given').first();
  await expect(standing).toContainText('Disputed');
  await expect(standing).toContainText('The brigade’s log says the same.');
  await expect(standing).toContainText('evidence supports 3');
});

test('two people correct the same evidence: the second sees what differs', async ({ as }) => {
  const [first, second] = [await as('reviewer'), await as('colleague')];
  const claim = await bringInOneClaim(first);
  await attachEvidence(first, { title: 'Log of the fire brigade', excerpt: 'Three dead, one injured.', stance: 'supports' });

  for (const [page, words] of [[first, 'Three dead, two injured.'], [second, 'Three dead, none injured.']] as const) {
    await page.goto(claim);
    await page.getByText('Correct or withdraw').click();
    await page.locator('.ev').getByLabel('Excerpt').fill(words);
  }
  await first.getByRole('button', { name: 'Save the correction' }).click();
  await expect(first.getByText('Evidence saved.')).toBeVisible();
  await second.getByRole('button', { name: 'Save the correction' }).click();

  const differs = second.locator('table.differs').getByRole('row', { name: 'Excerpt' }).getByRole('cell');
  await expect(differs).toContainText(['Three dead, none injured.', 'Three dead, two injured.']);
  await expect(second.locator('.ev').getByLabel('Excerpt')).toHaveValue('Three dead, none injured.');
  await second.getByRole('button', { name: 'Save the correction' }).click();
  await expect(second.locator('.ev blockquote')).toHaveText('Three dead, none injured.');
});
