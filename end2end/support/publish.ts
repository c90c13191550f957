// What editors do to tell readers.
import { expect, type Page } from '@playwright/test';
import { rating, type Rating } from './bench.ts';

/** Publishes the claim that is open, by way of what readers will see; gives the address of its page. */
export async function publish(page: Page, note = ''): Promise<string> {
  await page.getByRole('link', { name: 'Publish…' }).click();
  if (note) await page.getByLabel('What readers are told changed').fill(note);
  await page.getByRole('button', { name: 'Publish' }).click();
  await expect(page.getByText('The claim is published.')).toBeVisible();
  return (await page.getByRole('link', { name: 'Public page' }).getAttribute('href')) ?? '';
}

/** Opens the form that corrects the verdict of the claim that is open, fills it, and looks at what depends on it. */
export async function lookAtCorrection(page: Page, to: Rating | 'withdraw', why: string, note: string): Promise<void> {
  await page.getByRole('link', { name: 'Correct the verdict' }).click();
  if (to === 'withdraw') {
    await page.getByRole('radio', { name: 'Withdraw it' }).check();
  } else {
    await rating(page, to).check();
    await page.getByRole('textbox', { name: 'Why', exact: true }).fill(why);
  }
  if (note) await page.getByLabel('What readers are told').fill(note);
  await page.getByRole('button', { name: 'See what depends on it' }).click();
  await expect(page.locator('#dependants')).toBeVisible();
}

export async function confirmCorrection(page: Page): Promise<void> {
  await page.locator('#confirm').getByRole('button').click();
}
