// A death toll of 6,438 was once cited to a report that has no casualty figure at all, and stayed.
// Here the desk reads the report and says so before anybody can call the toll verified.
import { bringIn } from '../support/articles.ts';
import { attachEvidence, history, judge, rating, save } from '../support/bench.ts';
import { a11y, expect, fits, test, unique } from '../support/desk.ts';

test('a toll that its evidence does not have is caught before it is called verified', async ({ as, hasScripts }) => {
  const page = await as('reviewer');
  const town = unique();

  // A live page says how many died.
  await bringIn(page, {
    title: `Death toll in ${town}`,
    outlet: 'Watch Live',
    text: `At least 6,438 people were killed in the unrest in ${town}, the Rights Monitor said.`,
  });
  await page.locator('#article-claims .says').first().click();

  // The report it cites speaks of protests and closed shops.
  await attachEvidence(page, {
    title: 'Report that the page cites',
    excerpt: `Protests went on in ${town} and in several other cities. Shops were closed and 12 buses were burnt.`,
    stance: 'supports',
  });
  const piece = page.locator('.ev').first();
  await expect(piece).toContainText('The figure is not in it: at least 6,438 killed.');
  await expect(page.locator('#unmet-verified')).toContainText('Verified asserts the figure, and no supporting evidence has it: at least 6,438 killed.');

  // Calling it verified is refused, and nothing that was written is lost.
  await judge(page, 'Verified', 'The page cites a report.');
  await save(page);
  const panel = page.locator('#verdict');
  await expect(panel.getByRole('alert')).toContainText('no supporting evidence has it');
  await expect(page.getByLabel('Why')).toHaveValue('The page cites a report.');
  await expect(rating(page, 'Verified')).toBeChecked();
  await fits(page);
  if (hasScripts) await a11y(page);

  // What the evidence bears out is open to say.
  await judge(page, 'Unverified', 'The report that the page cites has no toll.');
  await save(page);
  await expect(page.getByText('Verdict saved.')).toBeVisible();
  await expect(page.locator('#verdicts .given').first()).toContainText('Unverified');

  // So large a toll takes two people at this desk; the second one finds the same.
  const second = await as('colleague');
  await second.goto(page.url());
  await judge(second, 'Unverified', 'No toll in that report.');
  await save(second);
  await expect(second.locator('#verdicts .given').first()).toContainText('Unverified');
  await page.goto(page.url());

  // Later the monitor's own list turns up: 6,438 names.
  await attachEvidence(page, { title: 'List of the monitor', excerpt: 'The list has the names of 6,438 people who were killed.', stance: 'supports' });
  await expect(page.locator('.ev').nth(1)).toContainText('The number is in it as');
  await expect(page.locator('.ev').nth(1).locator('mark.sought')).toHaveText('6,438');
  await judge(page, 'Verified', 'The list has every name.');
  await save(page);
  await expect(page.getByText('Verdict saved.')).toBeVisible();
  await expect(page.locator('#verdicts .given').first()).toContainText('Verified');
});

test('whoever insists says why, and that stays with the verdict', async ({ as }) => {
  const page = await as('reviewer');
  const town = unique();
  await bringIn(page, { title: `Flood in ${town}`, text: `Nine people were killed by the flood in ${town}, the fire brigade said.` });
  await page.locator('#article-claims .says').first().click();
  await attachEvidence(page, { title: 'Photograph of the list', excerpt: 'A list hangs at the town hall.', stance: 'supports' });
  await judge(page, 'Verified', 'We counted the names on the photograph.');
  await page.getByLabel('Reason to give it all the same').fill('The list is legible on the photograph, nine names.');
  await save(page);
  await expect(page.getByText('Verdict saved.')).toBeVisible();
  const standing = page.locator('#verdicts .given').first();
  await expect(standing).toContainText('no supporting evidence has it: 9 killed');
  await expect(standing).toContainText('Given all the same: The list is legible on the photograph, nine names.');
  await expect((await history(page)).filter({ hasText: 'gave it although something was missing' })).toContainText('The list is legible');
});

test('a number of something else is not the figure', async ({ as }) => {
  const page = await as('reviewer');
  const town = unique();
  await bringIn(page, { title: `Typhoon at ${town}`, text: `The typhoon killed 2,357 people in ${town}, the disaster agency said.` });
  await page.locator('#article-claims .says').first().click();
  await attachEvidence(page, { title: 'Situation report', excerpt: `There are 2,357 evacuation shelters around ${town}.`, stance: 'supports' });
  await expect(page.locator('.ev').first()).toContainText('is in it, but counts');
  await expect(page.locator('#unmet-verified')).toContainText('2,357 killed');
});
