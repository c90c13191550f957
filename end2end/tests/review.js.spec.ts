import { bridgeReport, bringIn } from '../support/articles.ts';
import { rating } from '../support/bench.ts';
import { expect, islands, test } from '../support/desk.ts';

test('three verdicts are given with the keyboard alone, and the dashboard in another window moves by itself', async ({ as, person }) => {
  const [page, editor] = [await as('reviewer'), await as('editor')];
  await bringIn(page, bridgeReport());
  const { name } = await person('reviewer');
  const today = editor.locator('#reviewers').getByRole('row', { name }).getByRole('cell').nth(1);
  await editor.goto('/dashboard');
  await islands(editor);
  await expect(editor.locator('html')).toHaveAttribute('data-live-open', 'true');
  const before = (await today.count()) ? Number(await today.textContent()) : 0;
  let loads = 0;
  editor.on('domcontentloaded', () => (loads += 1));

  await page.goto('/');
  await islands(page);
  await page.keyboard.press('n');
  for (const [at, key] of ['v', 'u', 'd'].entries()) {
    await expect(page.locator('#claim-head')).toContainText('yours until');
    await islands(page);
    const claim = page.url();
    await page.keyboard.press(key);
    await expect(page.getByRole('textbox', { name: 'Why', exact: true })).toBeFocused();
    await page.keyboard.type(`Checked with the keyboard, number ${at + 1}.`);
    await page.keyboard.press('Enter');
    await expect(page).not.toHaveURL(claim);
    await expect(page.getByText('Verdict saved.')).toBeVisible();
    await expect(today).toHaveText(String(before + at + 1));
  }
  expect(loads, 'the dashboard was loaded again').toBe(0);
  await expect(editor.locator('#live')).toHaveText('Updated just now');
  await islands(page);
  await page.keyboard.press('r');
  await expect(page).toHaveURL('/?done=released');
});

test('a live change leaves alone what somebody is typing', async ({ as }) => {
  const [page, colleague] = [await as('reviewer'), await as('colleague')];
  await bringIn(page, bridgeReport());
  await page.locator('#article-claims .says').first().click();
  await islands(page);
  await expect(page.locator('html')).toHaveAttribute('data-live-open', 'true');
  const claim = new URL(page.url()).pathname;
  await page.keyboard.press('u');
  await page.keyboard.type('Half a sentence');

  await colleague.goto(claim);
  await colleague.getByRole('button', { name: 'Take it' }).click();
  await expect(page.locator('#claim-head')).toContainText('being checked by');
  await page.keyboard.type(' and the rest');
  await expect(page.getByRole('textbox', { name: 'Why', exact: true })).toHaveValue('Half a sentence and the rest');
  await expect(rating(page, 'Unverified')).toBeChecked();
});

test('Shift and Enter make a new line instead of sending', async ({ as }) => {
  const page = await as('reviewer');
  await bringIn(page, bridgeReport());
  await page.locator('#article-claims .says').first().click();
  await islands(page);
  await page.keyboard.press('f');
  await page.keyboard.type('First line');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('second line');
  await expect(page.getByRole('textbox', { name: 'Why', exact: true })).toHaveValue('First line\nsecond line');
});
