// Signing in in two steps. The codes are computed here, as an authenticator does.
import type { Page } from '@playwright/test';
import { Authenticator, codeOf } from '../support/authenticator.ts';
import { expect, signIn, test, type Person } from '../support/desk.ts';

/** Sets a second factor up; gives the authenticator and the recovery codes. */
async function enrol(page: Page, person: Person): Promise<{ authenticator: Authenticator; codes: string[] }> {
  await page.goto('/account');
  await page.getByRole('link', { name: 'Set it up' }).click();
  await page.getByLabel('Your password').fill(person.password);
  await page.getByRole('button', { name: 'Begin' }).click();
  await expect(page.getByRole('img', { name: 'The key as a QR code' })).toBeVisible();
  const authenticator = new Authenticator(await page.locator('.key code').innerText());
  await page.getByLabel('Code', { exact: true }).fill(authenticator.next());
  await page.getByRole('button', { name: 'Switch it on' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your recovery codes');
  const codes = await page.locator('.codes code').allInnerTexts();
  expect(codes).toHaveLength(10);
  return { authenticator, codes };
}

async function firstStep(page: Page, person: Person): Promise<void> {
  await page.goto('/login');
  await signIn(page, person);
  await expect(page).toHaveURL(/\/login\/code/);
}

async function secondStep(page: Page, code: string): Promise<void> {
  await page.getByLabel('Code', { exact: true }).fill(code);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

test('the authenticator here computes what RFC 6238 gives', () => {
  const key = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
  expect([59, 1_111_111_109, 1_234_567_890, 20_000_000_000].map((time) => codeOf(key, Math.floor(time / 30)))).toEqual([
    '287082', '081804', '005924', '353130',
  ]);
});

test('a second factor is set up, asked for, and a lost phone is replaced', async ({ anew, somebody, page }) => {
  const person = await somebody();
  const [here, elsewhere] = [await anew(person), await anew(person)];
  const { authenticator, codes } = await enrol(here, person);
  await here.getByRole('link', { name: 'I have kept them' }).click();
  await expect(here.getByText('recovery codes left: 10')).toBeVisible();
  await here.goto('/account/second-factor');
  await expect(here.locator('.key, .codes')).toHaveCount(0);
  await elsewhere.goto('/account');
  await expect(elsewhere).toHaveURL(/\/login/);

  await firstStep(page, person);
  await page.goto('/claims');
  await expect(page, 'half a sign-in opens nothing').toHaveURL(/\/login\?next/);
  await firstStep(page, person);
  await expect(page.getByLabel('Code', { exact: true })).toHaveAttribute('autocomplete', 'one-time-code');
  await secondStep(page, '000000');
  await expect(page.getByText('This code is wrong')).toBeVisible();
  const code = authenticator.next();
  await secondStep(page, code);
  await expect(page).toHaveURL('/');

  const thief = await page.context().browser()?.newContext();
  if (!thief) throw new Error('no browser');
  const late = await thief.newPage();
  await firstStep(late, person);
  await secondStep(late, code);
  await expect(late.getByText('This code is wrong'), 'a code is good once').toBeVisible();
  await secondStep(late, codes[0] ?? '');
  await expect(late).toHaveURL('/');
  await thief.close();

  await page.goto('/account/second-factor');
  await expect(page.getByText('9 recovery codes are left.')).toBeVisible();
  const off = page.getByRole('form', { name: 'Switch it off' });
  await off.getByLabel('Your password').fill(person.password);
  await off.getByLabel('Code', { exact: true }).fill(codes[0] ?? '');
  await off.getByRole('button').click();
  await expect(off.getByText('This code is wrong')).toBeVisible();
  await off.getByLabel('Your password').fill(person.password);
  await off.getByLabel('Code', { exact: true }).fill(codes[1] ?? '');
  await off.getByRole('button').click();
  await expect(page.getByText('The second factor is off')).toBeVisible();
});

test('an admin resets the second factor of somebody who lost it', async ({ as, anew, somebody, page }) => {
  const person = await somebody();
  const enrolling = await anew(person);
  await enrol(enrolling, person);
  // Its session ends with the reset, and a page that is still open would complain.
  await enrolling.goto('about:blank');
  const admin = await as('admin');
  await admin.goto('/admin/accounts');
  const row = admin.getByRole('row', { name: person.name });
  await row.getByText('Reset', { exact: true }).click();
  await row.getByLabel('Why').fill('Lost the phone on the train.');
  await row.getByRole('button', { name: `Reset it for ${person.name}` }).click();
  await expect(admin.getByText('The second factor is gone')).toBeVisible();
  await expect(row).toContainText('off');
  await page.goto('/login');
  await signIn(page, person);
  await expect(page).toHaveURL('/');
});
