import { bringInOneClaim } from '../support/articles.ts';
import { expect, a11y, test } from '../support/desk.ts';

const words = {
  uk: { direction: 'ltr', choose: 'Українська', claims: 'Твердження', take: 'Взяти T', taken: 'Твердження ваше, перевіряйте.' },
  ru: { direction: 'ltr', choose: 'Русский', claims: 'Утверждения', take: 'Взять T', taken: 'Утверждение ваше, проверяйте.' },
  ar: { direction: 'rtl', choose: 'العربية', claims: 'الادعاءات', take: 'أخذه T', taken: 'الادعاء لك لتدققه.' },
} as const;

for (const [language, said] of Object.entries(words)) {
  test(`a reviewer chooses ${said.choose} at the foot of a page and works in it`, async ({ as, hasScripts }) => {
    const page = await as('reviewer');
    const claim = await bringInOneClaim(page);
    await page.goto('/claims');
    await page.getByRole('button', { name: said.choose }).click();
    await expect(page).toHaveURL('/claims');
    await expect(page.locator('html')).toHaveAttribute('lang', language);
    await expect(page.locator('html')).toHaveAttribute('dir', said.direction);
    await expect(page.getByRole('heading', { level: 1, name: said.claims, exact: true })).toBeVisible();
    for (const path of ['/', '/incidents', '/dashboard', '/public']) {
      await page.goto(path);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${path} is too wide`).toBe(true);
    }
    await page.goto(claim);
    if (hasScripts) await a11y(page);
    // What the article says stays in its own words and runs its own way.
    await expect(page.locator('article.read')).toContainText('Three people were killed');
    await page.getByRole('button', { name: said.take }).click();
    await expect(page.getByText(said.taken)).toBeVisible();
    await page.getByRole('button', { name: 'English' }).click();
    await expect(page.locator('html')).toHaveAttribute('dir', 'ltr');
  });
}
