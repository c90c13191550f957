import { bringInOneClaim } from '../support/articles.ts';
import { expect, islands, test } from '../support/desk.ts';

test('Tab reaches the skip link first, and it leads past the bar', async ({ as }) => {
  const page = await as('reviewer');
  await page.goto('/dashboard');
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: 'Skip to the content' });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect(page.locator('main')).toBeFocused();
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.closest('main') !== null)).toBe(true);
});

test('whatever has the focus shows it', async ({ as }) => {
  const page = await as('reviewer');
  // Without the fragment: the first Tab would go on from the claim in the text.
  await page.goto(await bringInOneClaim(page));
  await islands(page);
  const seen = new Set<string>();
  for (let step = 0; step < 40; step += 1) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      // A rating is drawn by its label.
      const drawn = element.matches('.rate-one input') ? element.nextElementSibling : element;
      const { outlineStyle, outlineWidth } = getComputedStyle(drawn ?? element);
      const box = (drawn ?? element).getBoundingClientRect();
      return {
        is: element.outerHTML.slice(0, 100),
        shows: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1,
        inView: box.bottom > 0 && box.top < innerHeight,
      };
    });
    if (!focused) break;
    expect(focused.shows, `${focused.is} does not show the focus`).toBe(true);
    expect(focused.inView, `${focused.is} has the focus out of sight`).toBe(true);
    seen.add(focused.is);
  }
  expect(seen.size).toBeGreaterThan(15);
});

test('? lists the keys of the page and Escape closes the list', async ({ as }) => {
  const page = await as('reviewer');
  await bringInOneClaim(page);
  await islands(page);
  await page.keyboard.press('?');
  const list = page.getByRole('dialog', { name: 'Keys' });
  await expect(list).toBeVisible();
  for (const words of ['Go to Desk', 'Find anything', 'Take this claim', 'Verified: The evidence shows', 'Add evidence', 'Show the keys', 'Leave the field']) {
    await expect(list.locator('dd', { hasText: words })).toBeVisible();
  }
  await page.keyboard.press('Escape');
  await expect(list).toBeHidden();
  await page.keyboard.press('?');
  await list.getByRole('button', { name: 'Close' }).click();
  await expect(list).toBeHidden();
});

test('g and a letter go to a section, and / to the search box', async ({ as }) => {
  const page = await as('reviewer');
  await page.goto('/');
  for (const [letter, path] of [['c', '/claims'], ['a', '/articles'], ['d', '/dashboard'], ['n', '/intake'], ['h', '/']] as const) {
    await islands(page);
    await page.keyboard.press('g');
    await page.keyboard.press(letter);
    await expect(page).toHaveURL(path);
  }
  await islands(page);
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox', { name: 'Find anything' })).toBeFocused();
  await page.keyboard.type('gd n?');
  await expect(page.getByRole('searchbox', { name: 'Find anything' })).toHaveValue('gd n?');
  await expect(page).toHaveURL('/');
});

test('evidence is added without the mouse', async ({ as }) => {
  const page = await as('reviewer');
  await bringInOneClaim(page);
  await islands(page);
  await page.keyboard.press('e');
  await expect(page.getByLabel('Title')).toBeFocused();
  await page.keyboard.type('A photograph of the gate');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.type('The gate stands open.');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  const attach = page.getByRole('button', { name: 'Attach' });
  for (let step = 0; step < 15 && !(await attach.evaluate((button) => button === document.activeElement)); step += 1) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await expect(page.getByText('Evidence saved.')).toBeVisible();
  await expect(page.locator('.ev')).toContainText('A photograph of the gate');
});

test('C opens what can be corrected, with the claim’s words to type in', async ({ as }) => {
  const page = await as('reviewer');
  await page.goto(await bringInOneClaim(page));
  await islands(page);
  const words = page.getByLabel('The claim’s words');
  await expect(words).toBeHidden();
  await page.keyboard.press('c');
  await expect(words).toBeFocused();
  await expect(words).toBeInViewport();
});

test('words selected in the article become the claim’s', async ({ as }) => {
  const page = await as('reviewer');
  await page.goto(await bringInOneClaim(page));
  await islands(page);
  await page.keyboard.press('c');
  const use = page.getByRole('button', { name: 'Use the words selected in the article' });
  await expect(use).toBeDisabled();
  await page.locator('mark.here').evaluate((mark) => {
    const words = mark.firstChild as Text;
    getSelection()?.setBaseAndExtent(words, 0, words, 'Three people were killed'.length);
  });
  await use.click();
  await expect(page.getByLabel('The claim’s words')).toHaveValue('Three people were killed');
  await expect(page.getByText('Draft kept')).toBeVisible();
  await page.locator('#correct').getByRole('button', { name: 'Correct it' }).first().click();
  await expect(page.locator('#claim-head .say')).toHaveText('Three people were killed');
});
