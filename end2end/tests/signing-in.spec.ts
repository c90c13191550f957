import { demo, expect, signIn, test, unique } from '../support/desk.ts';

test('a reviewer signs in and stands at the desk', async ({ page }) => {
  await page.goto('/');
  await expect(page).toHaveURL('/login');
  await expect(page).toHaveTitle('Sign in · Claimdesk');
  await signIn(page, demo.jonas);
  await expect(page).toHaveURL('/');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/claims? waits?$/);
  await expect(page.getByRole('link', { name: 'Jonas Wirth' })).toBeVisible();
});

test('the sign-in page is what it was', async ({ page }) => {
  await page.goto('/login');
  await expect(page.getByRole('main')).toMatchAriaSnapshot(`
    - main:
      - heading "Sign in" [level=1]
      - text: E-mail address
      - textbox "E-mail address"
      - text: Password
      - textbox "Password"
      - button "Sign in"
      - paragraph: No account? An admin of your desk can make one.
  `);
});

test('a wrong password is refused, and the address that was typed stays', async ({ page }) => {
  const email = `${unique()}@desk.example`;
  await page.goto('/login');
  await signIn(page, { name: '', email, password: 'not the password' });
  await expect(page.getByRole('alert')).toHaveText('The e-mail address or the password is wrong.');
  await expect(page.getByLabel('E-mail address')).toHaveValue(email);
  await expect(page.getByLabel('Password')).toHaveValue('');
  expect(page.url()).not.toContain('desk.example');
});

test('signing in leads on to the page that was asked for', async ({ page }) => {
  await page.goto('/claims?stage=open&q=killed');
  await expect(page).toHaveURL(/\/login\?next=/);
  await signIn(page, demo.jonas);
  await expect(page).toHaveURL('/claims?stage=open&q=killed');
  await expect(page.getByLabel('Words')).toHaveValue('killed');
});

for (const next of ['https://elsewhere.example/', '//elsewhere.example/', '/\\elsewhere.example/']) {
  test(`a link to the sign-in page does not lead away to ${next}`, async ({ page, baseURL }) => {
    await page.goto(`/login?next=${encodeURIComponent(next)}`);
    await signIn(page, demo.jonas);
    await expect(page).toHaveURL(`${baseURL}/`);
  });
}

test('signing out ends the session', async ({ anew, somebody }) => {
  const page = await anew(await somebody());
  await page.goto('/account');
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(page).toHaveURL(/\/login/);
  await page.goto('/claims');
  await expect(page).toHaveURL(/\/login\?next=%2Fclaims$/);
});

test('signing out everywhere ends the session of another browser', async ({ anew, somebody }) => {
  const person = await somebody();
  const [here, there] = [await anew(person), await anew(person)];
  await there.goto('/account');
  await here.goto('/account');
  await here.getByRole('button', { name: 'Sign out everywhere' }).click();
  await expect(here).toHaveURL(/\/login/);
  await there.goto('/account');
  await expect(there).toHaveURL(/\/login/);
});

test('a new password takes the place of the old one and ends other sessions', async ({ anew, somebody, page }) => {
  const person = await somebody();
  const [here, there] = [await anew(person), await anew(person)];
  const fresh = `another password for ${unique()}`;
  const change = async (old: string, first: string, again: string) => {
    await here.getByLabel('Present password').fill(old);
    await here.getByLabel('New password', { exact: true }).fill(first);
    await here.getByLabel('New password again').fill(again);
    await here.getByRole('button', { name: 'Change the password' }).click();
  };
  await here.goto('/account');

  await change('not the present one', fresh, fresh);
  await expect(here.getByText('This is not your present password.')).toBeVisible();
  await change(person.password, 'short', 'short');
  await expect(here.getByText('Use 12 to 256 characters')).toBeVisible();
  await change(person.password, fresh, `${fresh}!`);
  await expect(here.getByText('This is not the same as the new password.')).toBeVisible();
  await change(person.password, fresh, fresh);
  await expect(here.getByRole('status').filter({ hasText: 'The password is changed' })).toBeVisible();

  await there.goto('/account');
  await expect(there).toHaveURL(/\/login/);
  await page.goto('/login');
  await signIn(page, person);
  await expect(page.getByRole('alert')).toBeVisible();
  await signIn(page, { ...person, password: fresh });
  await expect(page).toHaveURL('/');
});
