import { bringInOneClaim } from '../support/articles.ts';
import { attachEvidence, history, judge, judgeAndSave, save } from '../support/bench.ts';
import { a11y, expect, fits, test } from '../support/desk.ts';
import { confirmCorrection, lookAtCorrection, publish } from '../support/publish.ts';

test('an editor publishes a settled claim and reopens it with a reason', async ({ as, person, hasScripts }) => {
  const [reviewer, editor] = [await as('reviewer'), await as('editor')];
  const claim = await bringInOneClaim(reviewer);
  await judgeAndSave(reviewer, 'Verified', 'The brigade’s log says the same.');
  await expect(reviewer.getByRole('link', { name: 'Publish…' })).toHaveCount(0);

  await editor.goto(claim);
  await editor.getByRole('link', { name: 'Publish…' }).click();
  await expect(editor.getByText('Nothing of this is public yet.')).toBeVisible();
  const seen = editor.locator('#publication');
  await expect(seen).toContainText('Verified');
  await expect(seen).toContainText('The brigade’s log says the same.');
  if (hasScripts) await a11y(editor);
  await fits(editor);
  await editor.getByRole('button', { name: 'Publish' }).click();
  await expect(editor.getByText('The claim is published.')).toBeVisible();
  await expect(editor.locator('#claim-head')).toContainText('Verified');
  await expect(editor.locator('#claim-head')).toContainText('published');
  await reviewer.goto(claim);
  await expect(reviewer.locator('#verdict')).toHaveText('This claim is published. An editor can reopen it.');

  await editor.getByText('Reopen').first().click();
  await editor.getByLabel('Reason to reopen it').fill('no');
  await editor.locator('#more').getByRole('button', { name: 'Reopen' }).click();
  await expect(editor.getByLabel('Reason to reopen it')).toHaveAttribute('aria-invalid', 'true');
  await expect(editor.getByLabel('Reason to reopen it')).toHaveValue('no');
  await editor.getByLabel('Reason to reopen it').fill('The brigade has corrected its log.');
  await editor.locator('#more').getByRole('button', { name: 'Reopen' }).click();
  await expect(editor.getByText('The claim is back in the queue.')).toBeVisible();
  await expect(editor.locator('#claim-head')).toContainText('Reopened');

  const entries = await history(editor);
  const { name } = await person('editor');
  await expect(entries.filter({ hasText: 'reopened it: The brigade has corrected its log.' })).toContainText(name);
  await expect(entries.filter({ hasText: 'published it' })).toContainText(name);
});

test('an article whose claims are all settled is clear to run', async ({ as }) => {
  const page = await as('reviewer');
  await bringInOneClaim(page);
  const article = await page.locator('article h1 a').getAttribute('href');
  await page.goto(article ?? '');
  await expect(page.locator('#clearance')).toContainText('Not yet: 1 of 1 claim still has to be checked.');
  await page.locator('#article-claims .says').first().click();
  await judge(page, 'Verified', 'Confirmed by two calls.');
  await save(page);
  await page.locator('article h1 a').click();
  await expect(page.locator('#clearance')).toContainText('It can run: every claim is settled.');
});

test('readers are told what a video is, and of another finding only with a correction', async ({ as, silence, hasScripts }) => {
  // Two verdicts, three assessments, and the page is gone over twice.
  test.slow();
  silence.expectStatus(422);
  const [reviewer, editor] = [await as('reviewer'), await as('editor')];
  const claim = await bringInOneClaim(reviewer);
  await attachEvidence(reviewer, { title: 'Video of the bridge', excerpt: 'A bridge falls.', stance: 'refutes', address: 'https://clips.example/bridge' });
  const piece = reviewer.locator('.ev');
  // Nothing tells of a medium: the form is among what is rarely wanted.
  await piece.getByText('Correct or withdraw').click();
  await piece.getByText('Assess a picture, video or recording').click();
  const found = (name: string) => piece.getByRole('checkbox', { name, exact: true });
  const save = piece.getByRole('button', { name: 'Save the assessment' });
  await piece.getByRole('radio', { name: 'video' }).check();
  await found('original').check();
  await found('staged').check();
  await save.click();
  await expect(piece.getByText('What is original is not staged as well')).toBeVisible();
  await found('staged').uncheck();
  await found('missing context').check();
  await save.click();
  await expect(piece.getByText('Say what is missing')).toBeVisible();
  await expect(found('original')).toBeChecked();
  await expect(found('staged')).not.toBeChecked();
  await expect(piece.getByLabel('Where it is shared')).toHaveValue('https://clips.example/bridge');
  await piece.getByLabel('What the original shows').fill('Another bridge, in 2019.');
  if (hasScripts) await a11y(reviewer);
  await save.click();
  await expect(reviewer.getByText('The assessment is saved.')).toBeVisible();
  await expect(piece.locator('.assessed')).toContainText('Video Original Missing context');
  await judgeAndSave(reviewer, 'False', 'The video is of another bridge.');

  await editor.goto(`${claim}/publish`);
  await expect(editor.locator('#media-1')).toContainText('misleads as it is presented');
  await editor.goto(claim);
  const address = await publish(editor);
  const page = await as('guest');
  await page.goto(address);
  const media = page.locator('#media-1');
  await expect(media).toContainText('misleads as it is presented');
  await expect(media).toContainText('Another bridge, in 2019.');
  const data = page.locator('script[type="application/ld+json"]');
  await expect(data).toHaveCount(2);
  expect(JSON.parse((await data.nth(1).textContent()) ?? '')).toMatchObject({
    '@type': 'MediaReview',
    mediaAuthenticityCategory: ['OriginalMediaContent', 'DecontextualizedContent'],
  });
  await fits(page);
  if (hasScripts) await a11y(page);

  await reviewer.goto(claim);
  await piece.getByText('Assess it anew').click();
  await found('original').uncheck();
  await found('missing context').uncheck();
  await found('staged').check();
  await save.click();
  await expect(piece.locator('.assessed')).toContainText('Readers are not told this yet.');
  await page.reload();
  await expect(media).toContainText('misleads as it is presented');

  await editor.goto(claim);
  await lookAtCorrection(editor, 'False', 'Actors were hired.', 'We took the video for an old one; it is staged.');
  await expect(editor.locator('#dependants')).toContainText('original and missing context → staged');
  await confirmCorrection(editor);
  await page.reload();
  await expect(media).toContainText('What it shows was set up');
  await expect(page.locator('.earlier')).toContainText('original and missing context');
});

test('what a video was found to be is taken back, and readers no longer see it once the verdict is corrected', async ({ as, hasScripts }) => {
  test.slow();
  const [reviewer, editor] = [await as('reviewer'), await as('editor')];
  const claim = await bringInOneClaim(reviewer);
  await attachEvidence(reviewer, { title: 'Video of the bridge', excerpt: 'A bridge falls.', stance: 'refutes', address: 'https://clips.example/bridge' });
  const piece = reviewer.locator('.ev');
  await piece.getByText('Correct or withdraw').click();
  await piece.getByText('Assess a picture, video or recording').click();
  await piece.getByRole('radio', { name: 'video' }).check();
  await piece.getByRole('checkbox', { name: 'staged', exact: true }).check();
  await piece.getByRole('button', { name: 'Save the assessment' }).click();
  await expect(piece.locator('.assessed')).toContainText('Video Staged');
  await judgeAndSave(reviewer, 'False', 'The video is of another bridge.');
  await editor.goto(claim);
  const address = await publish(editor);
  const page = await as('guest');
  await page.goto(address);
  await expect(page.locator('#media-1')).toContainText('What it shows was set up');

  await reviewer.goto(claim);
  await piece.getByText('Take the assessment back').click();
  await piece.getByLabel('Why it does not stand').fill('It shows another bridge.');
  if (hasScripts) await a11y(reviewer);
  await piece.getByRole('button', { name: 'Take it back' }).click();
  await expect(reviewer.getByText('The assessment is taken back')).toBeVisible();
  await expect(piece.locator('.assessed')).toContainText('Taken back by');
  await expect(piece.locator('.assessed')).toContainText('Readers still see the assessment that was taken back.');
  await expect(piece.getByText('Take the assessment back')).toHaveCount(0);
  await reviewer.setViewportSize({ width: 320, height: 640 });
  await fits(reviewer);

  await editor.goto(claim);
  await lookAtCorrection(editor, 'False', 'The video shows something else.', 'We took a video for staged that shows another bridge.');
  await expect(editor.locator('#dependants')).toContainText('staged →');
  await confirmCorrection(editor);
  await page.reload();
  await expect(page.locator('#media-1')).toHaveCount(0);
  await expect(page.locator('script[type="application/ld+json"]')).toHaveCount(1);
  await expect(page.locator('.earlier')).toContainText('staged');
});
