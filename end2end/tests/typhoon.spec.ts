// A figure that was published, withdrawn, restored and in the end held: what happened to a news agency with the toll of a
// typhoon, told with other names. Nothing that readers were told is ever altered.
import { bringIn } from '../support/articles.ts';
import { attachEvidence, judge, judgeAndSave, save, type Rating } from '../support/bench.ts';
import { a11y, expect, test, unique } from '../support/desk.ts';
import { confirmCorrection, lookAtCorrection, publish } from '../support/publish.ts';
import type { Page } from '@playwright/test';

/** So large a toll takes two people at this desk. */
async function bothSay(first: Page, second: Page, claim: string, name: Rating, why: string): Promise<void> {
  await judgeAndSave(first, name, why);
  await second.goto(claim);
  await judge(second, name, why);
  await save(second);
  await expect(second.locator('#verdicts .given').first()).toContainText(name);
  await first.goto(claim);
}

test('a toll is published, withdrawn, reinstated and held, and the page tells all of it', async ({ as, page: reader, hasScripts }) => {
  test.slow();
  const [editor, second] = [await as('editor'), await as('reviewer')];
  const typhoon = unique();

  // The government counts names: 2,357.
  await bringIn(editor, { title: `Typhoon ${typhoon}: official toll rises`, text: `Typhoon ${typhoon} killed 2,357 people, the Civil Protection Council said on Tuesday.` });
  await editor.locator('#article-claims .says').first().click();
  const official = new URL(editor.url()).pathname;
  await bothSay(editor, second, official, 'Verified', 'The Council publishes a list of names.');
  await publish(editor);

  // An agency says 4,460, confirms it by telephone, and the desk publishes it.
  await bringIn(editor, { title: `Typhoon ${typhoon} killed 4,460, agency says`, text: `Typhoon ${typhoon} killed 4,460 people, a relief agency said on Friday.` });
  await editor.locator('#article-claims .says').first().click();
  const claim = new URL(editor.url()).pathname;
  await editor.getByText('Link to another claim').click();
  await editor.locator('#links').getByLabel('This claim').selectOption('updates');
  await editor.locator('#links').getByLabel('Or paste the page of another claim').fill(official);
  await editor.locator('#links').getByRole('button', { name: 'Link', exact: true }).click();
  await expect(editor.locator('#links')).toContainText('2,357 people');
  await attachEvidence(editor, { title: 'Situation report, casualty table', excerpt: 'Dead: 4,460.', stance: 'supports' });
  await bothSay(editor, second, claim, 'Verified', 'The agency confirmed the figure by telephone.');
  const publicPage = await publish(editor);

  // The same number is that of the shelters. The agency admits a mistake; the desk withdraws.
  await attachEvidence(editor, { title: 'Situation report, annex', excerpt: 'Evacuation shelters open: 4,460.', stance: 'refutes' });
  await lookAtCorrection(editor, 'withdraw', '', 'The figure is that of evacuation shelters; the agency says it was put into the wrong table.');
  await confirmCorrection(editor);
  await expect(editor.getByText('The claim is withdrawn and back in the queue.')).toBeVisible();
  await reader.goto(publicPage);
  await expect(reader.locator('#correction')).toContainText('Withdrawn on');
  await expect(reader.locator('.stamp')).toHaveCount(0);
  await expect(reader.locator('#publication-1')).toContainText('The agency confirmed the figure by telephone.');

  // The agency calls back: the number was right after all.
  await bothSay(editor, second, claim, 'Verified', 'The agency says that the match with the shelters is a coincidence.');
  expect(await publish(editor, 'The agency has called back: 4,460 is its count of the dead, and the withdrawal was a mistake.')).toBe(publicPage);
  await reader.goto(publicPage);
  await expect(reader.locator('#correction')).toContainText('Published again on');
  await expect(reader.locator('.stamp')).toContainText('Verified');

  // The desk goes to those who counted. They deny it; the desk holds.
  await editor.goto(claim);
  await editor.locator('summary', { hasText: 'Reopen' }).click();
  await editor.getByLabel('Reason to reopen it').fill('The regional police deny having counted 4,460 dead.');
  await editor.getByRole('button', { name: 'Reopen', exact: true }).click();
  await expect(editor.getByText('The claim is back in the queue.')).toBeVisible();
  await bothSay(editor, second, claim, 'Unverified', 'The regional police deny having counted 4,460 dead.');
  await publish(editor, 'Until a body that collected the figure says how, we hold it: neither confirmed nor refuted.');

  await reader.goto(publicPage);
  await expect(reader.locator('#correction')).toContainText('we hold it');
  await expect(reader.locator('.stamp')).toContainText('Unverified');
  await expect(reader.locator('.earlier h3')).toContainText([/^Published again/, /^Withdrawn/, /^Published/]);
  await expect(reader.locator('#publication-3')).toContainText('the withdrawal was a mistake');
  await expect(reader.locator('#publication-2')).toContainText('evacuation shelters');
  await expect(reader.locator('#publication-1')).not.toContainText('Evacuation shelters open');
  if (hasScripts) await a11y(reader);

  const feed = await (await reader.request.get('/public/feed.atom')).text();
  const titles = [...feed.matchAll(/<title>([^<]*)<\/title>/g)].map(([, title]) => title).filter((title) => title?.includes(typhoon));
  expect(titles.map((title) => title?.split(':')[0])).toEqual([
    'Correction, Unverified', 'Published again, Verified', 'Withdrawn', 'Verified', 'Verified',
  ]);
});
