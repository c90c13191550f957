import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { bringInOneClaim } from '../support/articles.ts';
import { attachEvidence, history } from '../support/bench.ts';
import { a11y, expect, fits, test, unique } from '../support/desk.ts';

// A picture of one pixel; what is written behind its end makes each test's own.
const pixel = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const files = process.env.CLAIMDESK_FILES ?? join(import.meta.dirname, '../../.data/files');

interface File {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

function pdf(mark: string): File {
  return { name: `list ${mark}.pdf`, mimeType: 'application/pdf', buffer: Buffer.from(`%PDF-1.7\n% Twelve names of ${mark}\n%%EOF\n`) };
}

/** A claim with a piece of evidence; gives the evidence. */
async function withEvidence(page: Page): Promise<Locator> {
  await bringInOneClaim(page);
  await attachEvidence(page, { title: 'Log of the fire brigade', excerpt: 'Three dead.', stance: 'supports', address: 'https://fire-brigade.example/log' });
  return page.locator('.ev');
}

async function keep(page: Page, piece: Locator, what: { file?: File; text?: string }): Promise<void> {
  await piece.getByText('Keep a copy').click();
  if (what.text) await piece.getByLabel('Text', { exact: true }).fill(what.text);
  if (what.file) await piece.getByLabel('Or a file').setInputFiles(what.file);
  await piece.getByRole('button', { name: 'Keep the copy' }).click();
  await expect(page.getByText('The copy is kept, and was read back as it came.')).toBeVisible();
}

test('a file, a picture and a text are kept, shown and intact', async ({ as }) => {
  const page = await as('reviewer');
  const piece = await withEvidence(page);
  const mark = unique();
  await keep(page, piece, { file: pdf(mark) });
  await keep(page, piece, { file: { name: 'gate.html', mimeType: 'text/html', buffer: Buffer.concat([pixel, Buffer.from(mark)]) } });
  await keep(page, piece, { text: `<!DOCTYPE html>\n<script>document.title = "${mark}"</script>` });
  const copies = piece.getByRole('list', { name: 'Copies' }).getByRole('listitem');
  await expect(copies).toHaveCount(3);
  for (const [at, words] of [`list ${mark}.pdf`, 'gate.html', 'pasted page'].entries()) {
    await expect(copies.nth(at)).toContainText(words);
    await expect(copies.nth(at)).toContainText('intact');
  }
  await expect(copies.nth(1)).toContainText('PNG picture');

  // The whole hash and where it came from are one click away.
  await copies.first().locator('summary').click();
  await expect(copies.first().locator('.hash')).toHaveText(/^[0-9a-f]{64}$/);
  await expect(copies.first()).toContainText('https://fire-brigade.example/log');

  // A page is shown as its source and does nothing.
  await copies.nth(2).locator('summary').click();
  const address = await copies.nth(2).getByRole('link', { name: /Show its source/ }).getAttribute('href');
  const source = await page.request.get(address ?? '');
  expect(source.headers()['content-type']).toBe('text/plain; charset=utf-8');
  expect(source.headers()['content-security-policy']).toContain("sandbox; default-src 'none'");
  expect(await source.text()).toContain(`document.title = "${mark}"`);
  await page.goto(address ?? '');
  await expect(page.locator('body')).toContainText(mark);
  expect(await page.title()).not.toContain(mark);
});

test('a changed byte is found, told on the claim and to admins, and mended by the same file', async ({ as, person, hasScripts }) => {
  const page = await as('reviewer');
  const { name } = await person('reviewer');
  const piece = await withEvidence(page);
  const file = pdf(unique());
  await keep(page, piece, { file });
  const copy = piece.locator('.copies li');
  const hash = (await copy.locator('.hash').textContent()) ?? '';
  const onDisk = join(files, 'sha256', hash.slice(0, 2), hash.slice(2, 4), hash);
  const content = await readFile(onDisk);
  content[12] = 0x58;
  await writeFile(onDisk, content);

  await copy.locator('summary').click();
  await copy.getByRole('button', { name: /^Verify/ }).click();
  await expect(page.getByText('The copy is altered: it is not what was kept.')).toBeVisible();
  await expect(copy).toContainText('altered');
  const said = await history(page);
  await expect(said.filter({ hasText: 'altered since it was kept' })).toContainText(name);

  const admin = await as('admin');
  await admin.goto('/admin/copies');
  const row = admin.getByRole('row').filter({ hasText: file.name });
  await expect(row).toContainText('altered');
  await fits(admin);
  if (hasScripts) await a11y(admin);
  await row.getByRole('link').click();
  await expect(admin.locator('.copies li')).toContainText('altered');

  await piece.getByText('Keep a copy').click();
  await piece.getByLabel('Or a file').setInputFiles(file);
  await piece.getByRole('button', { name: 'Keep the copy' }).click();
  await expect(page.getByText('The copy was broken; this very file has mended it.')).toBeVisible();
  await expect(copy).toContainText('intact');
});

test('a file that may not be kept leaves what was typed', async ({ as, hasScripts }) => {
  const page = await as('reviewer');
  const piece = await withEvidence(page);
  await piece.getByText('Keep a copy').click();
  await piece.getByLabel('Text', { exact: true }).fill('Three dead,\none missing.');
  await piece.getByLabel('Or a file').setInputFiles({ name: 'all.pdf', mimeType: 'application/pdf', buffer: Buffer.from('PK\u0003\u0004\u0014\u0000\u0000') });
  await piece.getByRole('button', { name: 'Keep the copy' }).click();
  await expect(piece.getByText(/neither a PDF.*application\/zip/)).toBeVisible();
  await expect(piece.getByLabel('Or a file')).toHaveAttribute('aria-invalid', 'true');
  await expect(piece.getByLabel('Text', { exact: true })).toHaveValue('Three dead,\none missing.');
  await piece.getByRole('button', { name: 'Keep the copy' }).click();
  await expect(piece.locator('.copies li')).toContainText('pasted text');
  await piece.locator('.copies summary').click();
  await fits(page);
  if (hasScripts) await a11y(page);
});
