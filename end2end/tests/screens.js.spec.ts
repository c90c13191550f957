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

/** Words of a claim of the demo desk that Leila Haddadi holds. */
const HELD = '"Dozens of armoured vehicles were destroyed"';

/** Opens the claim with these words. */
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

test('pictures of the workbench in light and dark', async ({ as }, info) => {
  const page = await as(demo.leila);
  await toClaim(page, HELD);
  await picture(page, 'workbench', info.outputPath('light.png'));
  await page.emulateMedia({ colorScheme: 'dark' });
  await picture(page, 'workbench-dark', info.outputPath('dark.png'));
});

test('picture of the figure ledger', async ({ as }, info) => {
  const page = await as(demo.owen);
  await page.goto('/incidents?q=Darum');
  await page.locator('.incident-item .says').filter({ hasText: '9 Oct' }).click();
  await expect(page.locator('#figures')).toBeVisible();
  await picture(page, 'ledger', info.outputPath('picture.png'));
});

test('picture of what can be corrected', async ({ as }, info) => {
  const page = await as(demo.leila);
  await toClaim(page, HELD);
  await islands(page);
  await page.keyboard.press('c');
  await page.keyboard.press('Escape');
  await page.locator('#correct .part > summary').filter({ hasText: 'Figure:' }).first().click();
  await page.locator('#correct').evaluate((section) => section.scrollIntoView());
  await picture(page, 'corrections', info.outputPath('picture.png'));
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('picture of the workbench', async ({ as }, info) => {
    const page = await as(demo.leila);
    await toClaim(page, HELD);
    // Without the fragment, which leads past the claim into the text.
    await page.goto(new URL(page.url()).pathname);
    await picture(page, 'workbench-phone', info.outputPath('phone.png'));
  });
});
