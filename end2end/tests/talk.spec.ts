import type { Locator, Page } from '@playwright/test';
import { bringInOneClaim } from '../support/articles.ts';
import { history } from '../support/bench.ts';
import { expect, islands, test } from '../support/desk.ts';

/** Says something about the claim on the page. */
async function say(page: Page, text: string, words = ''): Promise<void> {
  await page.locator('#talk > details > summary').click();
  await page.getByLabel('Comment', { exact: true }).fill(text);
  await page.getByLabel('About these words of the article').fill(words);
  await page.getByRole('button', { name: 'Say it' }).last().click();
}

function comment(page: Page, text: string): Locator {
  return page.locator('#talk .thread').filter({ hasText: text });
}

test('a comment on words of the article is answered, resolved and folded away', async ({ as, person, hasScripts }) => {
  const [page, colleague] = [await as('reviewer'), await as('colleague')];
  const { name } = await person('reviewer');
  const claim = await bringInOneClaim(page);
  if (hasScripts) await islands(page);
  await say(page, 'Who counted them, the brigade or the hospital?', 'Three  people');
  await expect(page.getByText('The comment is here.')).toBeVisible();
  await expect(page.locator('article .talked')).toHaveText('Three people');
  await expect(comment(page, 'Who counted')).toContainText('Three people');

  await colleague.goto(claim);
  const asked = comment(colleague, 'Who counted');
  await expect(asked).toContainText(name);
  await asked.getByText('Answer', { exact: true }).first().click();
  await asked.getByLabel('Answer').fill('The brigade; I have the log.');
  await asked.getByRole('button', { name: 'Say it' }).click();
  await expect(comment(colleague, 'Who counted').locator('.reply')).toContainText('I have the log.');
  if (!hasScripts) await page.reload();
  await expect(comment(page, 'Who counted').locator('.reply')).toContainText('I have the log.');

  await comment(page, 'Who counted').getByRole('button', { name: 'Resolve' }).click();
  await expect(page.getByText('Resolved; it is folded away')).toBeVisible();
  await expect(page.locator('article .talked')).toHaveCount(0);
  await expect(comment(page, 'Who counted')).toBeHidden();
  await page.getByText('One resolved').click();
  await expect(comment(page, 'Who counted')).toContainText(`Resolved by ${name}`);
  await expect((await history(page)).filter({ hasText: 'commented on “Three people”' })).toContainText(name);
});

test('one’s own words are changed and taken back, and what they were stays in sight', async ({ as }) => {
  const page = await as('reviewer');
  await bringInOneClaim(page);
  await say(page, 'The brigade says four.');
  const said = comment(page, 'The brigade says');
  await said.getByText('Change or withdraw').click();
  await said.getByLabel('Your words').fill('The brigade says five.');
  await said.getByRole('button', { name: 'Change it' }).click();
  await expect(said.locator('.message > .rationale')).toHaveText('The brigade says five.');
  await said.getByText('changed', { exact: false }).first().click();
  await expect(said.getByText('The brigade says four.')).toBeVisible();
  await said.getByText('Change or withdraw').click();
  await said.getByRole('button', { name: 'Withdraw' }).click();
  await expect(page.getByText('The comment is withdrawn.')).toBeVisible();
  await expect(page.locator('#talk-list')).toContainText('withdrew a comment');
  await expect(page.locator('#talk-list')).not.toContainText('The brigade');
});
