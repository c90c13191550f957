import { bringIn, bringInOneClaim } from '../support/articles.ts';
import { judgeAndSave } from '../support/bench.ts';
import { a11y, expect, fits, test, unique } from '../support/desk.ts';
import { confirmCorrection, lookAtCorrection, publish } from '../support/publish.ts';

test('a correction shows what depends on it, and then moves all of it', async ({ as, page: reader, hasScripts }) => {
  const [editor, reviewer] = [await as('editor'), await as('reviewer')];
  const claim = await bringInOneClaim(editor);
  const words = (await editor.locator('#claim-head .say').textContent()) ?? '';
  await judgeAndSave(editor, 'Verified', 'The brigade’s log says the same.');
  await editor.goto(claim);
  const publicPage = await publish(editor);

  // The same in another paper: set aside as a duplicate, by pasting the address.
  const town = unique();
  await bringIn(reviewer, { title: `Fire in ${town}`, text: `Three people died in a warehouse fire near ${town}, the fire brigade said on Monday.` });
  const article = new URL(reviewer.url()).pathname;
  await reviewer.locator('#article-claims .says').first().click();
  const duplicate = new URL(reviewer.url()).pathname;
  await reviewer.getByText('A duplicate of another claim').click();
  await reviewer.locator('#more').getByLabel('Or paste the page of another claim').fill('nonsense');
  await reviewer.getByRole('button', { name: 'Dismiss as a duplicate' }).click();
  await expect(reviewer.locator('#more')).toContainText('paste the address of its page');
  await reviewer.locator('#more').getByLabel('Or paste the page of another claim').fill(`http://desk.example${claim}#claim`);
  await reviewer.getByRole('button', { name: 'Dismiss as a duplicate' }).click();
  await reviewer.goto(duplicate);
  await expect(reviewer.locator('#links')).toContainText('Duplicate of');
  await expect(reviewer.locator('#links').getByRole('link', { name: words })).toHaveAttribute('href', claim);
  await reviewer.goto(article);
  await expect(reviewer.locator('#clearance')).toContainText('It can run');

  await editor.goto(claim);
  const note = 'We said three people had been killed; the brigade has since found them alive.';
  await lookAtCorrection(editor, 'False', 'All three were found alive in hospital.', note);
  const list = editor.locator('#dependants');
  await expect(list).toContainText('Three people died in a warehouse fire');
  await expect(list).toContainText('dismissed → open');
  await expect(list.getByRole('link', { name: `Fire in ${town}` })).toHaveAttribute('href', article);
  await expect(list).toContainText('Clear');
  await expect(list.locator(`a[href="${publicPage}"]`)).toBeVisible();
  await expect(editor.locator('#change')).toContainText(note);
  await fits(editor);
  if (hasScripts) await a11y(editor);
  await confirmCorrection(editor);
  await expect(editor.getByText('The verdict is corrected, and what rested on it waits to be looked at.')).toBeVisible();

  await reviewer.goto(duplicate);
  await expect(reviewer.locator('#claim-head')).toContainText('Open');
  await expect(reviewer.locator('#basis')).toContainText('on which this claim rests');
  await reviewer.goto(article);
  await expect(reviewer.locator('#clearance')).toContainText('Not yet: 1 of 1');
  await reader.goto(publicPage);
  await expect(reader.locator('#correction')).toContainText('Corrected on');
  await expect(reader.locator('#correction')).toContainText(note);
  await expect(reader.locator('.stamp')).toContainText('False');
  await expect(reader.locator('#publication-1')).toContainText('The brigade’s log says the same.');
  const feed = await (await reader.request.get('/public/feed.atom')).text();
  expect(feed).toContain(note);
});

test('a published claim that is reopened stays on its page, marked', async ({ as, page: reader, hasScripts }) => {
  const editor = await as('editor');
  const claim = await bringInOneClaim(editor);
  await judgeAndSave(editor, 'Verified', 'Two calls.');
  await editor.goto(claim);
  const publicPage = await publish(editor);
  await editor.getByText('Reopen').first().click();
  await editor.getByLabel('Reason to reopen it').fill('The brigade is counting again.');
  await editor.locator('#more').getByRole('button', { name: 'Reopen' }).click();
  await reader.goto(publicPage);
  await expect(reader.locator('#under-review')).toContainText('Under review since');
  await expect(reader.locator('.stamp')).toContainText('Verified');
  for (const width of [1280, 320]) {
    await reader.setViewportSize({ width, height: 800 });
    await fits(reader);
    if (hasScripts) await a11y(reader);
  }
  await reader.goto('/public');
  await fits(reader);
  if (hasScripts) await a11y(reader);
});

test('an admin adds a receiver, sees its secret once, and the log of what it was told', async ({ as, hasScripts }) => {
  const admin = await as('admin');
  const name = `Wire ${unique()}`;
  await admin.goto('/admin/receivers');
  await admin.getByLabel('Name').fill(name);
  await admin.getByLabel('Address').fill('https://127.0.0.1/hook');
  await admin.getByRole('button', { name: 'Add the receiver' }).click();
  await expect(admin.getByText('Give an address on the public internet.')).toBeVisible();
  await expect(admin.getByLabel('Name')).toHaveValue(name);
  // A name that leads nowhere: nothing outside is called.
  await admin.getByLabel('Address').fill('https://receiver.invalid/hook');
  await admin.getByRole('button', { name: 'Add the receiver' }).click();
  await expect(admin.locator('#secret')).toContainText('whsec_');
  await admin.reload();
  await expect(admin.locator('#secret')).toHaveCount(0);
  await admin.getByRole('button', { name: `Send a test: ${name}` }).click();
  await expect(admin.getByText('Queued; it is sent in a moment.')).toBeVisible();
  const told = admin.locator('#deliveries li').filter({ hasText: name });
  await expect(async () => {
    await admin.goto('/admin/receivers');
    await expect(told).toContainText('no answer', { timeout: 200 });
  }).toPass({ timeout: 20_000 });
  await fits(admin);
  if (hasScripts) await a11y(admin);
  await admin.getByRole('button', { name: `Disable: ${name}` }).click();
  await expect(admin.getByRole('button', { name: `Enable: ${name}` })).toBeVisible();
  await expect(told).toContainText('given up');
});
