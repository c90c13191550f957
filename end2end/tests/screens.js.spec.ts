// The README's pictures. They are written to screens/ where SCREENS is set, best over fresh demo
// data; else they only prove that they can be made.
import { statSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { demo, expect, islands, test } from '../support/desk.ts';

const SMALL_ENOUGH = 250_000;

async function picture(page: Page, name: string, path: string): Promise<void> {
  await islands(page);
  const file = process.env.SCREENS ? `screens/${name}.png` : path;
  await page.screenshot({ path: file, caret: 'hide', animations: 'disabled' });
  expect(statSync(file).size, `${name}.png is too large`).toBeLessThanOrEqual(SMALL_ENOUGH);
}

/** A claim of the demo desk that Leila Haddadi holds, and one that waits in the same article. */
async function toClaim(page: Page, words: string): Promise<void> {
  await page.goto(`/claims?q=${encodeURIComponent(words)}`);
  await page.locator('.claim-item .says').first().click();
  await expect(page.locator('#claim-head')).toBeVisible();
}

for (const [name, path] of [['desk', '/'], ['dashboard', '/dashboard'], ['claims', '/claims'], ['articles', '/articles']] as const) {
  test(`picture of ${name}`, async ({ as }, info) => {
    const page = await as(demo.leila);
    await page.goto(path);
    await picture(page, name, info.outputPath('picture.png'));
  });
}

test('picture of an article', async ({ as }, info) => {
  const page = await as(demo.leila);
  await toClaim(page, '"234 fighters were killed"');
  await page.locator('article h1 a').click();
  await picture(page, 'article', info.outputPath('picture.png'));
});

test('pictures of the workbench, in light and dark and on a phone', async ({ as }, info) => {
  const page = await as(demo.leila);
  await toClaim(page, '"211 people who had been taken away"');
  await picture(page, 'workbench', info.outputPath('light.png'));
  await page.emulateMedia({ colorScheme: 'dark' });
  await picture(page, 'workbench-dark', info.outputPath('dark.png'));
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(page.url());
  await picture(page, 'workbench-phone', info.outputPath('phone.png'));
});
