import { demo, expect, signIn, test, unique } from '../support/desk.ts';

test('an admin makes an account, changes its role and disables it', async ({ as, anew, page }) => {
  const admin = await as('admin');
  const mark = unique();
  const person = { name: `Wanda Ito ${mark}`, email: `wanda.${mark}@desk.example`.toLowerCase(), password: `a first password ${mark}` };
  const row = admin.getByRole('row', { name: person.name });
  await admin.goto('/admin/accounts');

  const form = admin.getByRole('form', { name: 'New account' });
  await form.getByLabel('Name', { exact: true }).fill(person.name);
  await form.getByLabel('E-mail address').fill(demo.jonas.email);
  await form.getByLabel('Role').selectOption('editor');
  await form.getByLabel('First password').fill(person.password);
  await form.getByRole('button', { name: 'Create the account' }).click();
  await expect(form.locator('.wrong')).toBeVisible();
  await expect(form.getByLabel('Name', { exact: true })).toHaveValue(person.name);
  await expect(form.getByLabel('E-mail address')).toHaveValue(demo.jonas.email);
  await expect(form.getByLabel('Role')).toHaveValue('editor');
  await expect(form.getByLabel('First password')).toHaveValue('');

  await form.getByLabel('E-mail address').fill(person.email);
  await form.getByLabel('First password').fill(person.password);
  await form.getByRole('button', { name: 'Create the account' }).click();
  await expect(admin.getByText('The account was created.')).toBeVisible();
  await expect(row).toContainText(person.email);

  const theirs = await anew(person);
  await expect(theirs.getByRole('link', { name: `${person.name} editor` })).toBeVisible();
  await row.getByLabel(`Role of ${person.name}`).selectOption('viewer');
  await row.getByRole('button', { name: 'Set' }).click();
  await expect(admin.getByText('The account was changed.')).toBeVisible();
  await theirs.reload();
  await expect(theirs.getByRole('link', { name: `${person.name} viewer` })).toBeVisible();

  await row.getByRole('button', { name: `Disable ${person.name}` }).click();
  await expect(row).toContainText('disabled');
  await theirs.reload();
  await expect(theirs).toHaveURL(/\/login/);
  await page.goto('/login');
  await signIn(page, person);
  await expect(page.getByRole('alert')).toHaveText('The e-mail address or the password is wrong.');

  await row.getByRole('button', { name: `Enable ${person.name}` }).click();
  await expect(row).not.toContainText('disabled');
});
