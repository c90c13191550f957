// The morning after: the ministry nearly halves its toll. The new article lands on the same incident's
// ledger, flagged; what depends on the published verdict is listed before anything changes; then the
// correction goes out, and what the desk said before can still be read.
import { bringIn, bringInOneClaim } from '../support/articles.ts';
import { judgeAndSave } from '../support/bench.ts';
import { expect, test, unique } from '../support/desk.ts';
import { confirmCorrection, lookAtCorrection, publish } from '../support/publish.ts';

test('the ministry lowers its toll: ledger, dependants, correction, feed', async ({ as, page: reader }) => {
  const [editor, reviewer] = [await as('editor'), await as('reviewer')];
  const town = `Veld${unique()}`;
  const claim = await bringInOneClaim(reviewer, {
    title: `Rockets hit ${town}`,
    outlet: 'Courier',
    published: '2024-05-03T10:00',
    text: `A rocket attack on the town of ${town} on 3 May 2024 killed 41 people, the health ministry said on Friday.`,
  });
  await judgeAndSave(reviewer, 'Verified', 'The ministry’s bulletin has the figure.');
  await editor.goto(claim);
  const publicPage = await publish(editor);
  await reader.goto(publicPage);
  await expect(reader.locator('.stamp')).toContainText('Verified');

  // The next morning.
  await bringIn(reviewer, {
    title: `${town} toll lowered`,
    outlet: 'Herald',
    published: '2024-05-04T08:00',
    text: `The health ministry said on Saturday that the rocket attack on the town of ${town} on 3 May 2024 killed 22 people.`,
  });
  await editor.goto(claim);
  await editor.locator('#incident').getByRole('link').first().click();
  const figures = editor.locator('#figures');
  await expect(figures).toContainText('22');
  await expect(figures.getByRole('list', { name: 'What does not fit' })).toContainText(
    /revised downwards.*41 and later 22/i,
  );
  const incident = editor.url();

  await editor.goto(claim);
  const note = 'We said that 41 people had been killed; the health ministry has lowered its count to 22.';
  await lookAtCorrection(editor, 'False', 'The ministry lowered its own count to 22.', note);
  await expect(editor.locator('#dependants').locator(`a[href="${publicPage}"]`)).toBeVisible();
  await confirmCorrection(editor);
  await reader.goto(publicPage);
  await expect(reader.locator('#correction')).toContainText(note);
  await expect(reader.locator('.stamp')).toContainText('False');
  await expect(reader.locator('#publication-1')).toContainText('The ministry’s bulletin has the figure.');
  const feed = await (await reader.request.get('/public/feed.atom')).text();
  expect(feed).toContain(note);
  // What the desk holds no longer rests on the figure that was taken back.
  await editor.goto(incident);
  await expect(editor.locator('.holds')).not.toContainText('41');
});
