import { bridgeReport, bringIn, bringInOneClaim } from '../support/articles.ts';
import { history, judge, judgeAndSave, rating, save } from '../support/bench.ts';
import { expect, test } from '../support/desk.ts';

const counted = (text: string | null) => Number(text?.replace(/\D/g, ''));

test('a reviewer takes claims one after the other and the dashboard counts the verdicts', async ({ as, person }) => {
  const [page, editor] = [await as('reviewer'), await as('editor')];
  await bringIn(page, bridgeReport());
  const reviewer = await person('reviewer');
  const today = editor.locator('#reviewers').getByRole('row', { name: reviewer.name }).getByRole('cell').nth(1);
  await editor.goto('/dashboard');
  const before = (await today.count()) ? counted(await today.textContent()) : 0;

  await page.goto('/');
  await page.getByRole('button', { name: 'Take the next claim' }).click();
  for (const [at, name] of (['Verified', 'Unverified', 'Disputed'] as const).entries()) {
    await expect(page).toHaveURL(/\/claims\/[0-9a-f-]{36}/);
    await expect(page.locator('#claim-head')).toContainText('yours until');
    await judge(page, name, `Checked by clicking, number ${at + 1}.`);
    await page.getByRole('button', { name: 'Save, next' }).click();
    await expect(page.getByText('Verdict saved.')).toBeVisible();
  }
  await page.getByRole('button', { name: 'Release' }).click();
  await expect(page).toHaveURL('/?done=released');

  await editor.reload();
  await expect(today).toHaveText(String(before + 3));
  await expect(page.locator('#queue-head')).toContainText(/You have given (\d+|one) verdicts? today\./);
});

test('a verdict stands with its words and figure, and a later one takes its place', async ({ as, person }) => {
  const page = await as('reviewer');
  await bringInOneClaim(page);
  await judgeAndSave(page, 'Unverified', 'Only one source so far.');
  await judgeAndSave(page, 'Disputed', 'The hospital and the brigade differ.\nBoth were called.', '2-3');

  const standing = page.locator('#verdicts .given').first();
  await expect(standing).toContainText('Disputed');
  await expect(standing).toContainText('The hospital and the brigade differ.');
  await expect(standing).toContainText('evidence supports 2');
  await expect(standing).toContainText((await person('reviewer')).name);
  await page.getByText('1 earlier').click();
  await expect(page.locator('#verdicts')).toContainText('Only one source so far.');
  const entries = await history(page);
  await expect(entries.filter({ hasText: 'gave verdict 2, Disputed, in place of Unverified' })).toBeVisible();
  await expect(entries.filter({ hasText: 'gave the verdict Unverified: Only one source so far.' })).toBeVisible();
});

test('a verdict without words comes back with the rating that was chosen', async ({ as }) => {
  const page = await as('reviewer');
  await bringInOneClaim(page);
  await rating(page, 'Missing context').check();
  await page.getByLabel('Figure the evidence supports').fill('about 40');
  await save(page);
  await expect(page.getByRole('textbox', { name: 'Why', exact: true })).toHaveAttribute('aria-invalid', 'true');
  await expect(rating(page, 'Missing context')).toBeChecked();
  await expect(page.getByLabel('Figure the evidence supports')).toHaveValue('about 40');
  await page.getByRole('button', { name: 'Discard the draft' }).click();
  await expect(rating(page, 'Missing context')).not.toBeChecked();
});

test('a claim in one reviewer’s hands is not offered to another', async ({ as, person }) => {
  const [page, colleague] = [await as('reviewer'), await as('colleague')];
  const claim = await bringInOneClaim(page);
  await page.getByRole('button', { name: 'Take it' }).click();
  await expect(page.getByText('The claim is yours to check.')).toBeVisible();

  await colleague.goto(claim);
  await expect(colleague.locator('#claim-head')).toContainText(`being checked by ${(await person('reviewer')).name}`);
  await expect(colleague.locator('#verdict')).toHaveText('You can give a verdict when the claim is free again.');

  await page.getByRole('button', { name: 'Release' }).click();
  await expect(page.getByText('The claim is back in the queue.')).toBeVisible();
  await colleague.reload();
  await expect(colleague.getByRole('button', { name: 'Take it' })).toBeVisible();
});

test('what is no claim is set aside with a reason', async ({ as }) => {
  const page = await as('reviewer');
  const claim = await bringInOneClaim(page);
  await page.getByText('Not a claim, or a duplicate').click();
  await page.getByLabel('Reason to dismiss it').fill('A duplicate of the first report.');
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await expect(page.getByText('The claim is set aside.')).toBeVisible();
  await page.goto(claim);
  await expect(page.locator('#claim-head')).toContainText('Dismissed');
  await expect((await history(page)).filter({ hasText: 'dismissed it: A duplicate of the first report.' })).toBeVisible();
});
