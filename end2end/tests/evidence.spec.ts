import { bringInOneClaim } from '../support/articles.ts';
import { attachEvidence, history, writeEvidence } from '../support/bench.ts';
import { expect, test } from '../support/desk.ts';

test('evidence is added, corrected and withdrawn, and the history says so in words', async ({ as, person }) => {
  const page = await as('reviewer');
  const { name } = await person('reviewer');
  await bringInOneClaim(page);
  const address = 'https://fire-brigade.example/log/17';
  await attachEvidence(page, { title: 'Log of the fire brigade', excerpt: 'Three dead, one injured.', stance: 'supports', address });
  const piece = page.locator('.ev');
  await expect(piece.getByRole('link', { name: 'Log of the fire brigade' })).toHaveAttribute('href', address);
  await expect(piece).toContainText('supports');
  await expect(piece).toContainText('Three dead, one injured.');

  await piece.getByText('Correct or withdraw').click();
  await piece.getByLabel('Excerpt').fill('Two dead, one missing.');
  await piece.getByRole('radio', { name: 'refutes' }).check();
  await piece.getByRole('button', { name: 'Save the correction' }).click();
  await expect(page.getByText('Evidence saved.')).toBeVisible();
  await expect(piece.locator('blockquote')).toHaveText('Two dead, one missing.');

  await piece.getByText('Correct or withdraw').click();
  await piece.getByLabel('Reason to withdraw it').fill('The log is of another fire.');
  await piece.getByRole('button', { name: 'Withdraw' }).click();
  await expect(page.getByText('Evidence withdrawn; it stays visible with the reason.')).toBeVisible();
  await expect(piece).toContainText(`Withdrawn by ${name}: The log is of another fire.`);
  await expect(piece.getByText('Correct or withdraw')).toHaveCount(0);

  const said = await history(page);
  await expect(said.filter({ hasText: 'added evidence that supports: “Log of the fire brigade”' })).toContainText(name);
  await expect(said.filter({ hasText: 'corrected the evidence “Log of the fire brigade”' })).toContainText('Two dead, one missing.');
  await expect(said.filter({ hasText: 'withdrew the evidence “Log of the fire brigade”: The log is of another fire.' })).toBeVisible();
});

test('evidence that lacks something comes back open, with everything that was typed', async ({ as }) => {
  const page = await as('reviewer');
  await bringInOneClaim(page);
  await writeEvidence(page, { title: 'A photograph of the gate', excerpt: '', stance: 'gives context', address: 'https://photographs.example/gate' });
  await page.getByRole('button', { name: 'Attach' }).click();
  const excerpt = page.getByLabel('Excerpt');
  await expect(excerpt).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByLabel('Title')).toHaveValue('A photograph of the gate');
  await expect(page.getByLabel('Address')).toHaveValue('https://photographs.example/gate');
  await expect(page.getByRole('radio', { name: 'gives context' })).toBeChecked();
  await excerpt.fill('The gate stands open.');
  await page.getByRole('button', { name: 'Attach' }).click();
  await expect(page.locator('.ev')).toContainText('The gate stands open.');
});
