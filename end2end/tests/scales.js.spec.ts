// Scales are versions. One file, run once: all of it changes the same scale.
import { bringInOneClaim } from '../support/articles.ts';
import { attachEvidence, save } from '../support/bench.ts';
import { a11y, expect, fits, test, unique } from '../support/desk.ts';

test('an admin makes a new version of a scale, and old verdicts keep their names', async ({ as }) => {
  const [page, admin] = [await as('reviewer'), await as('admin')];
  const name = `Said only ${unique()}`;
  const claim = await bringInOneClaim(page);
  await page.goto(`${claim}?scale=visual`);
  const third = page.getByRole('group', { name: 'Rating' }).getByRole('radio').nth(2);
  await third.check();
  await page.getByLabel('Why').fill('A side says so.');
  await save(page);
  await expect(page.getByText('Verdict saved.')).toBeVisible();
  const before = (await page.locator('#verdicts .given .st').first().textContent())?.trim() ?? '';

  await admin.goto('/admin/scales');
  await fits(admin);
  await a11y(admin);
  await admin.getByRole('link', { name: 'Seen (after Oryx)' }).click();
  await admin.getByText('into a new version').click();
  const rating = admin.locator('#rating-2');
  await rating.getByLabel('Name').fill(name);
  await admin.getByLabel('Why it is changed').fill('Plainer words.');
  await fits(admin);
  await a11y(admin);
  await admin.getByRole('button', { name: 'Make version' }).click();
  await expect(admin.getByText('The scale has a new version.')).toBeVisible();
  await expect(admin.locator('.ratings-list').first()).toContainText(name);
  await expect(admin.getByText('Earlier versions')).toBeVisible();

  await page.reload();
  await expect(page.locator('#verdicts .given .st').first()).toHaveText(before);
  await page.goto(`${claim}?scale=visual`);
  await third.check();
  await page.getByLabel('Why').fill('Still only a side says so.');
  await save(page);
  await expect(page.locator('#verdicts .given .st').first()).toHaveText(name);
  await page.getByText('1 earlier').click();
  await expect(page.locator('#verdicts .given .st').nth(1)).toHaveText(before);
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('ratings and preconditions are added, refused at their field, and taken out again', async ({ as }) => {
    const [admin, page] = [await as('admin'), await as('reviewer')];
    await admin.goto('/admin/scales/visual');
    await admin.getByText('into a new version').click();
    await admin.getByRole('button', { name: 'Add a rating' }).click();
    const added = admin.locator('fieldset.rating-fields').last();
    const key = unique().toLowerCase();
    await added.getByLabel('Name').fill(`Staged ${key}`);
    await added.getByLabel('Key', { exact: true }).fill(key);
    await added.getByLabel('When to give it').fill('The picture was staged.');
    await added.getByLabel('Key on the keyboard').fill('e');
    await added.getByLabel('How many, precondition 1').fill('2');
    await added.getByLabel('Of what, precondition 1').selectOption('visual');
    await admin.getByLabel('Why it is changed').fill('Staged pictures have a rating of their own.');
    await admin.getByRole('button', { name: 'Make version' }).click();
    await expect(added.getByText('E does something else on the workbench.')).toBeVisible();
    await expect(added.getByLabel('Name')).toHaveValue(`Staged ${key}`);
    await added.getByLabel('Key on the keyboard').fill('');
    await admin.getByRole('button', { name: 'Make version' }).click();
    await expect(admin.getByText('The scale has a new version.')).toBeVisible();

    const claim = await bringInOneClaim(page);
    await attachEvidence(page, { title: 'Picture', excerpt: 'A picture of the warehouse.', stance: 'supports' });
    await page.goto(`${claim}?scale=visual`);
    await expect(page.locator(`#unmet-${key}`)).toHaveText(`Staged ${key} needs 2 photos or videos; the evidence has none.`);

    await admin.getByText('into a new version').click();
    await admin.getByRole('button', { name: `Take Staged ${key} out` }).click();
    await admin.getByLabel('Why it is changed').fill('It was not needed.');
    await admin.getByRole('button', { name: 'Make version' }).click();
    await expect(admin.locator('.ratings-list').first()).not.toContainText(`Staged ${key}`);
  });
});
