import { bringInOneClaim, largeToll } from '../support/articles.ts';
import { judge, save } from '../support/bench.ts';
import { expect, islands, test } from '../support/desk.ts';

test('an editor dismisses by key what waits for a second review, and reopens by another', async ({ as }) => {
  const [first, editor] = [await as('reviewer'), await as('editor')];
  const claim = await bringInOneClaim(first, largeToll());
  await judge(first, 'Verified', 'The coastguard gave the list itself.');
  await save(first);
  await expect(first.getByText('until then only you see it').first()).toBeVisible();
  await editor.goto(claim);
  await islands(editor);
  await editor.keyboard.press('x');
  await expect(editor.getByRole('textbox', { name: 'Reason to dismiss it' })).toBeFocused();
  await editor.keyboard.press('Escape');
  await editor.keyboard.press('o');
  await expect(editor.getByRole('textbox', { name: 'Reason to reopen it' })).toBeFocused();
  await expect(editor.locator('[id="reason"]')).toHaveCount(0);
});
