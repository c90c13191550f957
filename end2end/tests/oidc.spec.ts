// Signing in at an identity provider: a real one, started beside the desk.
import type { Page } from '@playwright/test';
import { Authenticator } from '../support/authenticator.ts';
import { expect, test, unique } from '../support/desk.ts';

/** Signs in there, as who has this address. */
async function signInThere(page: Page, email: string, factors: 1 | 2 = 1): Promise<void> {
  await page.getByRole('link', { name: 'Sign in with Newsroom' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Provider');
  await page.getByLabel('Address').fill(email);
  if (factors === 2) await page.getByLabel('Two factors').check();
  await page.getByRole('button', { name: 'Go on' }).click();
}

test('somebody with an account signs in there and lands where they wanted to be', async ({ page, somebody }) => {
  const person = await somebody();
  await page.goto('/claims?stage=open&q=killed');
  await signInThere(page, person.email);
  await expect(page).toHaveURL('/claims?stage=open&q=killed');
  await page.goto('/account');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(person.name);
  await page.getByRole('button', { name: `Unlink ${person.email}` }).click();
  await expect(page.getByText('The link is cut.')).toBeVisible();
  await expect(page.getByText('Signs you in elsewhere')).toBeHidden();
});

test('who is unknown, not verified or disabled is not let in, and is told why', async ({ page, as, somebody }) => {
  const turnedAway = async (email: string, words: string) => {
    await page.goto('/login');
    await signInThere(page, email);
    await expect(page.getByRole('alert')).toContainText(words);
    await page.goto('/claims');
    await expect(page).toHaveURL(/\/login/);
  };
  await turnedAway(`${unique()}@elsewhere.example`.toLowerCase(), 'Nobody here has your e-mail address.');
  await turnedAway(`unverified.${unique()}@desk.example`.toLowerCase(), 'has not verified your e-mail address');

  const person = await somebody();
  await page.goto('/login');
  await signInThere(page, person.email);
  await expect(page).toHaveURL('/');
  const admin = await as('admin');
  await admin.goto('/admin/accounts');
  await admin.getByRole('button', { name: `Disable ${person.name}` }).click();
  await page.goto('/claims');
  await expect(page, 'the session has ended').toHaveURL(/\/login/);
  await turnedAway(person.email, 'Your account here is out of use.');
});

test('who comes from a domain that is let in becomes a viewer', async ({ page }) => {
  const email = `${unique()}@readers.example`.toLowerCase();
  await page.goto('/login');
  await signInThere(page, email);
  await expect(page).toHaveURL('/');
  await expect(page.getByRole('link', { name: 'viewer' })).toBeVisible();
});

test('an answer with a foreign state or nonce, or one that was given before, is refused', async ({ page, somebody }) => {
  const person = await somebody();
  let callback = '';
  /** Somebody in between changes what the desk sends the browser to the provider with. */
  const change = async (name: string) => {
    await page.route('**/login/elsewhere', async (route) => {
      const response = await route.fetch({ maxRedirects: 0 });
      const to = new URL(response.headers()['location'] ?? '');
      to.searchParams.set(name, 'a-value-of-somebody-else');
      await route.fulfill({ response, headers: { ...response.headers(), location: to.href } });
    }, { times: 1 });
  };
  page.on('request', (request) => {
    if (request.url().includes('/login/elsewhere/callback')) callback = request.url();
  });

  await page.goto('/login');
  await change('nonce');
  await signInThere(page, person.email);
  await expect(page.getByRole('alert'), 'a foreign nonce').toContainText('its answer makes no sense');

  await page.goto('/login');
  await change('state');
  await signInThere(page, person.email);
  await expect(page.getByRole('alert'), 'a foreign state').toContainText('was begun elsewhere');

  await page.goto('/login');
  await signInThere(page, person.email);
  await expect(page).toHaveURL('/');
  await page.context().clearCookies();
  await page.goto(callback);
  await expect(page.getByRole('alert'), 'a second time').toContainText('was begun elsewhere');
  await page.goto('/claims');
  await expect(page).toHaveURL(/\/login/);
});

test('who declines there comes back and reads so', async ({ page }) => {
  await page.goto('/login');
  await page.getByRole('link', { name: 'Sign in with Newsroom' }).click();
  await page.getByRole('button', { name: 'Decline' }).click();
  await expect(page.getByRole('alert')).toContainText('did not let you sign in');
});

test('the desk asks for its own code unless the provider has asked for two factors', async ({ page, anew, somebody }) => {
  const person = await somebody();
  const own = await anew(person);
  await own.goto('/account/second-factor');
  await own.getByLabel('Your password').fill(person.password);
  await own.getByRole('button', { name: 'Begin' }).click();
  const authenticator = new Authenticator(await own.locator('.key code').innerText());
  await own.getByLabel('Code', { exact: true }).fill(authenticator.next());
  await own.getByRole('button', { name: 'Switch it on' }).click();
  await expect(own.locator('.codes')).toBeVisible();

  await page.goto('/login');
  await signInThere(page, person.email);
  await expect(page).toHaveURL(/\/login\/code/);
  await page.getByLabel('Code', { exact: true }).fill(authenticator.next());
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL('/');

  await page.context().clearCookies();
  await page.goto('/login');
  await signInThere(page, person.email, 2);
  await expect(page).toHaveURL('/');
});
