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

test('who is mentioned sees the bell, opens the comment, answers, and hears no more once it is muted', async ({ as, somebody, hasScripts }) => {
  const [asked, author] = [await somebody(), await somebody()];
  const [page, colleague] = [await as(author), await as(asked)];
  const bell = colleague.locator('#bell');
  await colleague.goto('/account');
  await expect(bell).toHaveAccessibleName('Notifications');
  if (hasScripts) await islands(colleague);
  await bringInOneClaim(page);
  await say(page, `Is this figure final, @${asked.email.split('@')[0]}? @nobody.here knows.`);
  await expect(page.getByText('Nobody here is called @nobody.here.')).toBeVisible();

  if (!hasScripts) await colleague.reload();
  await expect(bell).toHaveAccessibleName('Notifications, 1 unread');
  await bell.click();
  const line = colleague.locator('.told .claim-item');
  await expect(line).toContainText(`${author.name} mentioned you`);
  await line.getByRole('link').click();
  await expect(colleague.getByText('Is this figure final')).toBeVisible();
  await expect(bell).toHaveAccessibleName('Notifications');
  const thread = comment(colleague, 'Is this figure final');
  await thread.getByText('Answer', { exact: true }).first().click();
  await thread.getByLabel('Answer').fill('Not before noon.');
  await thread.getByRole('button', { name: 'Say it' }).click();
  await expect(colleague.locator('#watch')).toContainText(`You and ${author.name} watch this.`);

  await page.goto('/notifications?show=unread');
  await expect(page.locator('.told .claim-item')).toContainText(`${asked.name} answered`);
  await page.getByRole('button', { name: /^Mute/ }).click();
  await expect(page.getByText('Muted: you hear nothing more of this claim.')).toBeVisible();
  await expect(page.getByText('Nothing of this kind')).toBeVisible();
});

test('each person chooses what they are told of', async ({ as, somebody }) => {
  const page = await as(await somebody('viewer'));
  await page.goto('/account');
  await page.getByLabel('Somebody mentions you').selectOption('here, and in a daily mail');
  await page.getByLabel('A verdict on a claim you watch').selectOption('not at all');
  await page.getByLabel('The daily mail comes at').selectOption('17:00 UTC');
  await page.getByRole('button', { name: 'Keep this choice' }).click();
  await expect(page.getByText('From now on you are told as you chose.')).toBeVisible();
  await page.goto('/account');
  await expect(page.getByLabel('Somebody mentions you')).toHaveValue('digest');
  await expect(page.getByLabel('A verdict on a claim you watch')).toHaveValue('none');
  await expect(page.getByLabel('The daily mail comes at')).toHaveValue('17');
});
