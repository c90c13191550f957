import { bringInOneClaim, largeToll } from '../support/articles.ts';
import { history, judge, judgeAndSave, rating, save } from '../support/bench.ts';
import { a11y, expect, test } from '../support/desk.ts';

test('two reviewers who do not see each other differ, an editor decides, and both see why', async ({ hasScripts, as, person }) => {
  const [first, second, editor] = [await as('reviewer'), await as('colleague'), await as('editor')];
  const claim = await bringInOneClaim(first, largeToll());
  await judge(first, 'Verified', 'The coastguard gave the list itself.');
  await save(first);
  await expect(first.getByText('until then only you see it').first()).toBeVisible();
  await expect(first.locator('#verdicts')).toContainText('The coastguard gave the list itself.');
  await expect(first.locator('#claim-head')).toContainText('waits for a second reviewer');
  await expect(first.getByRole('button', { name: 'Take it' })).toHaveCount(0);
  await first.goto('/');
  await expect(first.locator('#for-others')).toContainText('At least 60 people were killed');

  for (const page of [second, editor]) {
    await page.goto(claim);
    await expect(page.locator('#claim-head')).toContainText('Awaiting second review');
    await expect(page.locator('main')).not.toContainText('The coastguard gave the list itself.');
    await expect(page.locator('#verdicts .given')).toHaveCount(0);
  }
  await second.getByRole('button', { name: 'Take it' }).click();
  await expect(second.locator('#verdict')).toContainText('You are the second reviewer');
  await expect(second.locator('#verdict')).toContainText('casualties, at least 50 people');
  if (hasScripts) await a11y(second);
  await judge(second, 'Disputed', 'Relatives name people who are not on the list.');
  await save(second);
  await expect(second.getByText('It differs from the first one: an editor decides.')).toBeVisible();
  await expect(second.locator('#verdicts .given')).toHaveCount(2);
  await expect(second.locator('#verdict')).toContainText('An editor decides, and says why.');

  await editor.goto('/');
  await expect(editor.locator('#disagreed')).toContainText('Reviewers disagree');
  await editor.goto(claim);
  await expect(editor.locator('#verdicts')).toContainText('The coastguard gave the list itself.');
  await expect(editor.locator('#verdicts')).toContainText('Relatives name people who are not on the list.');
  if (hasScripts) await a11y(editor);
  await rating(editor, 'Disputed').check();
  await editor.locator('#verdict').getByRole('textbox', { name: 'Why', exact: true }).fill('A list with gaps verifies nothing.');
  await editor.getByRole('button', { name: 'Decide' }).click();
  await expect(editor.getByText('Both reviewers see the outcome and why.')).toBeVisible();

  for (const page of [first, second]) {
    await page.goto(claim);
    await expect(page.locator('#verdicts .given').first()).toContainText('A list with gaps verifies nothing.');
    const decided = `decided between ${(await person('reviewer')).name} (Verified) and ${(await person('colleague')).name} (Disputed)`;
    await expect((await history(page)).filter({ hasText: decided })).toBeVisible();
  }
});

test('two who agree settle it', async ({ hasScripts, as }) => {
  const [first, second] = [await as('reviewer'), await as('colleague')];
  const claim = await bringInOneClaim(first, largeToll());
  await judge(first, 'Unverified', 'One source.');
  await save(first);
  await expect(first.getByText('until then only you see it').first()).toBeVisible();
  await second.goto(claim);
  await judgeAndSave(second, 'Unverified', 'Nobody else has it.');
  await expect(second.locator('#claim-head')).toContainText('Unverified');
  await expect(second.locator('#verdicts .given')).toHaveCount(2);
  await second.goto('/agreement');
  await expect(second.getByRole('heading', { name: 'By pair of reviewers' })).toBeVisible();
  if (hasScripts) await a11y(second);
  await second.locator('#pairs td a').first().click();
  await expect(second).toHaveURL(/came=judged_by_two/);
  await expect(second.locator('.claim-item').first()).toBeVisible();
});
