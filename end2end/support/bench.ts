// What people do at the workbench.
import { expect, type Locator, type Page } from '@playwright/test';

export type Rating = 'Verified' | 'Unverified' | 'Disputed' | 'False' | 'Missing context';

/** What chooses a rating. */
export function rating(page: Page, name: Rating): Locator {
  return page.getByRole('group', { name: 'Rating' }).getByRole('radio', { name: new RegExp(`^${name}`) });
}

/** Fills the form of a verdict. */
export async function judge(page: Page, name: Rating, why: string, figure = ''): Promise<void> {
  await rating(page, name).check();
  // By its role: the claims that one may link to are labels too, and any word may stand in them.
  await page.getByRole('textbox', { name: 'Why', exact: true }).fill(why);
  if (figure) await page.getByLabel('Figure the evidence supports').fill(figure);
}

/** Saves the verdict and stays with the claim. */
export async function save(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Save', exact: true }).click();
}

export async function judgeAndSave(page: Page, name: Rating, why: string, figure = ''): Promise<void> {
  await judge(page, name, why, figure);
  await save(page);
  await expect(page.getByText('Verdict saved.')).toBeVisible();
}

export interface Evidence {
  title: string;
  excerpt: string;
  stance: 'supports' | 'refutes' | 'gives context';
  address?: string;
}

/** Opens the form for evidence and fills it. */
export async function writeEvidence(page: Page, { title, excerpt, stance, address = '' }: Evidence): Promise<void> {
  await page.locator('summary', { hasText: 'Add evidence' }).click();
  // Each piece that is there has a form like it.
  const form = page.locator('form[action="/actions/evidence/add"]');
  await form.getByLabel('Title').fill(title);
  await form.getByLabel('Address').fill(address);
  await form.getByLabel('Excerpt').fill(excerpt);
  await form.getByRole('radio', { name: stance }).check();
}

export async function attachEvidence(page: Page, evidence: Evidence): Promise<void> {
  await writeEvidence(page, evidence);
  await page.getByRole('button', { name: 'Attach' }).click();
  await expect(page.getByText('Evidence saved.')).toBeVisible();
}

/** The entries of the history, opened. */
export async function history(page: Page): Promise<Locator> {
  await page.getByText(/History, \d+ entries/).click();
  return page.locator('#history li');
}
