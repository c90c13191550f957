// An editor makes the figures of an event public; readers see them without an account, other sites show the
// chart in a frame, and what is withdrawn says so.
import { twoReports } from '../support/articles.ts';
import { a11y, expect, fits, test, unique } from '../support/desk.ts';
import type { Page } from '@playwright/test';

/** Two reports of one strike that contradict each other; the incident's page. */
async function disputed(page: Page, town: string): Promise<string> {
  await twoReports(page, town);
  await page.goto(`/incidents?q=${town}`);
  await page.locator('.incident-item .says').first().click();
  return page.url();
}

/** Publishes what is open; gives the address for readers. */
async function publishLedger(page: Page): Promise<string> {
  await page.getByText('Publish the ledger').first().click();
  await page.getByLabel('I have looked at what readers will see').check();
  await page.getByRole('button', { name: 'Publish the ledger' }).click();
  await expect(page.getByText('Readers see these figures now.')).toBeVisible();
  return (await page.locator('#publish').getByRole('link', { name: 'Public page' }).getAttribute('href'))!;
}

const second = () => new Date().toISOString().slice(0, 19);

/** Looking back goes by whole seconds: what was done is done before this one. */
async function nextSecond(): Promise<void> {
  const now = second();
  await expect.poll(second).not.toBe(now);
}

test('readers see who says which number, and are told when it is withdrawn', async ({ as, page: reader, hasScripts, silence }) => {
  const editor = await as('editor');
  const town = `Orha${unique()}`;
  await disputed(editor, town);
  await editor.getByText('Publish the ledger').first().click();
  await expect(editor.locator('#publish')).toContainText('Anybody will see, without an account');
  await editor.getByRole('button', { name: 'Publish the ledger' }).click();
  await expect(editor.getByRole('alert')).toContainText('Look at what readers will see');
  await editor.getByLabel('I have looked at what readers will see').check();
  await editor.getByRole('button', { name: 'Publish the ledger' }).click();
  await expect(editor.getByText('Readers see these figures now.')).toBeVisible();
  await expect(editor.locator('#publish code')).toContainText('<iframe src="');
  if (hasScripts) await a11y(editor);
  const address = (await editor.locator('#publish').getByRole('link', { name: 'Public page' }).getAttribute('href'))!;

  await reader.goto(address);
  const killed = reader.locator('#killed');
  await expect(killed.getByRole('img', { name: /Killed by source over time/ }).first()).toBeVisible();
  await expect(killed.getByRole('table')).toContainText('Civil Rescue League');
  await expect(killed.getByRole('table')).toContainText(`Rockets hit ${town}`);
  await expect(killed.getByRole('list', { name: 'What does not fit' })).toContainText('not all of these can be right');
  await expect(reader.locator('body')).not.toContainText('Hanna');
  await reader.getByText('Show this on another site').click();
  await expect(reader.getByLabel('Copy this into its page')).toHaveValue(/^<iframe src="http.*embed\?of=killed" title="Killed: /);
  if (hasScripts) await a11y(reader);
  await reader.setViewportSize({ width: 320, height: 640 });
  await fits(reader);
  for (const name of ['Chart as SVG', 'Figures as CSV']) {
    const file = await reader.request.get((await killed.getByRole('link', { name }).getAttribute('href'))!);
    expect(file.status()).toBe(200);
    expect(await file.text()).toContain('Civil Rescue League');
  }

  await editor.getByText('Withdraw', { exact: true }).click();
  await editor.getByLabel('What readers are told').fill('Two towns of one name were mixed up.');
  await editor.getByRole('button', { name: 'Withdraw from the public' }).click();
  await expect(editor.getByText('The figures are withdrawn')).toBeVisible();
  silence.expectStatus(410);
  const gone = await reader.goto(address);
  expect(gone?.status()).toBe(410);
  await expect(reader.locator('main')).toContainText('Two towns of one name were mixed up.');
});

test('another site shows the chart in a frame, and no other page of ours', async ({ as, page: reader, hasScripts, silence }) => {
  const editor = await as('editor');
  const town = `Orha${unique()}`;
  await disputed(editor, town);
  const address = await publishLedger(editor);

  for (const width of [320, 700]) {
    await reader.setViewportSize({ width, height: 800 });
    await reader.goto(`${address}/embed?of=killed`);
    await expect(reader.getByRole('img', { name: /Killed by source over time/ })).toBeVisible();
    await expect(reader.getByRole('table')).toContainText('Civil Rescue League');
    await fits(reader);
    if (hasScripts) await a11y(reader);
  }

  // A page of somebody else's: what it may show in a frame does not depend on where it stands.
  const other = new URL('/paper.example', editor.url()).href;
  await reader.route(other, (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<!DOCTYPE html><html lang="en"><title>Paper</title><iframe title="ours" src="${address}/embed?of=killed" width="600" height="640"></iframe>
        <iframe title="whole" src="${address}"></iframe></html>`,
    }),
  );
  silence.expect(/frame-ancestors|X-Frame-Options|refused to connect|ERR_BLOCKED_BY_RESPONSE|[Rr]efused to (display|frame)|Framing/);
  await reader.setViewportSize({ width: 1280, height: 800 });
  await reader.goto(other);
  const frame = reader.frameLocator('iframe[title="ours"]');
  await expect(frame.getByRole('link', { name: town })).toHaveAttribute('target', '_blank');
  await expect(frame.getByRole('table')).toContainText('19');
  await expect(reader.frameLocator('iframe[title="whole"]').locator('#publication')).toHaveCount(0);
});

test('an incident is shown as the desk knew it at a moment', async ({ as }) => {
  const editor = await as('editor');
  const town = `Orha${unique()}`;
  const incident = await disputed(editor, town);
  await nextSecond();
  const then = second();
  await nextSecond();
  await editor.getByText('Set what the desk holds').click();
  await editor.getByLabel('The figure').fill('19-41');
  await editor.getByLabel('On what basis').fill('Both counts until the lists are compared.');
  await editor.getByRole('button', { name: 'Set it' }).click();
  await expect(editor.locator('.holds')).toContainText('19–41');
  await editor.goto(incident);
  await editor.getByLabel('As the desk knew it at (UTC)').fill(then);
  await editor.getByRole('button', { name: 'Look back' }).click();
  await expect(editor.locator('#as-of-banner')).toContainText('Nothing that came later is shown');
  await expect(editor.locator('#figures')).toContainText('Civil Rescue League');
  await expect(editor.locator('#figures')).not.toContainText('Both counts');
  await expect(editor.getByText('Set what the desk holds')).toHaveCount(0);
  await editor.getByRole('link', { name: 'Back to now' }).click();
  await expect(editor.locator('.holds')).toContainText('19–41');
});

test('the feed tells of figures that were published and withdrawn', async ({ as, page: reader }) => {
  const editor = await as('editor');
  const town = `Orha${unique()}`;
  await disputed(editor, town);
  const address = await publishLedger(editor);
  const feed = async () => (await reader.request.get('/public/feed.atom')).text();
  expect(await feed()).toContain(`href="${new URL(address, editor.url()).href}"`);
  await editor.getByText('Withdraw', { exact: true }).click();
  await editor.getByLabel('What readers are told').fill(`Two towns named ${town} were mixed up.`);
  await editor.getByRole('button', { name: 'Withdraw from the public' }).click();
  await expect(editor.getByText('The figures are withdrawn')).toBeVisible();
  expect(await feed()).toContain(`Two towns named ${town} were mixed up.`);
});
