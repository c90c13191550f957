import { bringInOneClaim } from '../support/articles.ts';
import { expect, test } from '../support/desk.ts';

test('a viewer reads everything and finds no form that changes anything', async ({ as }) => {
  const [page, reviewer] = [await as('guest'), await as('reviewer')];
  const claim = await bringInOneClaim(reviewer);
  // Whoever reads may also follow: that changes nothing but what they hear of.
  const changes = page.locator('main form[method=post]:not([action="/actions/claims/watch"])');
  for (const path of ['/', '/claims', '/articles', '/dashboard', claim]) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(changes, path).toHaveCount(0);
    await expect(page.locator('a[href="/intake"]'), `${path} leads to what a viewer may not do`).toHaveCount(0);
  }
  await expect(page.getByText('Reviewers give verdicts; as viewer you can read them.')).toBeVisible();
  await page.goto('/');
  await expect(page.getByText('As viewer you can read everything.')).toBeVisible();
});

const refused = [
  { who: 'guest', path: '/intake', words: 'As viewer you may not add articles. It takes the role of reviewer or above.' },
  { who: 'guest', path: '/admin/accounts', words: 'As viewer you may not manage accounts. It takes the role of admin or above.' },
  { who: 'editor', path: '/admin/accounts', words: 'As editor you may not manage accounts. It takes the role of admin or above.' },
] as const;

for (const { who, path, words } of refused) {
  test(`${path} says plainly what the role of ${who} does not suffice for`, async ({ as, silence }) => {
    silence.expectStatus(403);
    const page = await as(who);
    const answer = await page.goto(path);
    expect(answer?.status()).toBe(403);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('You may not do this');
    await expect(page.getByText(words)).toBeVisible();
    await page.getByRole('link', { name: 'Back to the desk' }).click();
    await expect(page).toHaveURL('/');
  });
}

test('a viewer who sends a form by other means is refused in words', async ({ as }) => {
  const page = await as('guest');
  const answer = await page.request.post('/actions/claims/next', { headers: { accept: 'text/html' } });
  expect(answer.status()).toBe(403);
  expect(await answer.text()).toContain('As viewer you may not review claims. It takes the role of reviewer or above.');
});

test('a form that another site sends is refused', async ({ as }) => {
  const page = await as('reviewer');
  const answer = await page.request.post('/actions/claims/next', {
    headers: { accept: 'text/html', origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' },
  });
  expect(answer.status()).toBe(403);
  expect(await answer.text()).toContain('sent from another site');
});

for (const path of ['/nowhere', '/claims/not-an-id', '/articles/01934f6e-0000-7000-8000-000000000000']) {
  test(`${path} is an address with nothing behind it`, async ({ as, silence }) => {
    silence.expectStatus(404);
    const page = await as('guest');
    const answer = await page.goto(path);
    expect(answer?.status()).toBe(404);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(/nothing here/);
  });
}
