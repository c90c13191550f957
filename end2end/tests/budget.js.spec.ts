import { demo, expect, islands, signIn, test } from '../support/desk.ts';

const FIRST_VISIT = 250_000;
const WASM = 100_000;

test('a first visit transfers no more than its budget', async ({ page, context }) => {
  const cdp = await context.newCDPSession(page);
  await cdp.send('Network.enable');
  const urls = new Map<string, string>();
  const bytes = new Map<string, number>();
  cdp.on('Network.requestWillBeSent', ({ requestId, request }) => urls.set(requestId, new URL(request.url).pathname));
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const url = urls.get(requestId) ?? requestId;
    bytes.set(url, (bytes.get(url) ?? 0) + encodedDataLength);
  });
  await page.goto('/login');
  await islands(page);
  await signIn(page, demo.jonas);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await islands(page);
  await page.waitForLoadState('load');

  const table = [...bytes].map(([url, size]) => `${size}  ${url}`).join('\n');
  const sum = (sizes: number[]) => sizes.reduce((all, size) => all + size, 0);
  const wasm = sum([...bytes].filter(([url]) => url.endsWith('.wasm')).map(([, size]) => size));
  expect(wasm, table).toBeGreaterThan(1_000);
  expect(wasm, table).toBeLessThanOrEqual(WASM);
  expect(sum([...bytes.values()]), table).toBeLessThanOrEqual(FIRST_VISIT);
});

test('what a page needs is kept by the browser for the next one', async ({ as }) => {
  const page = await as('guest');
  await page.goto('/');
  await islands(page);
  const asked: string[] = [];
  page.on('response', (response) => {
    if (new URL(response.url()).pathname.startsWith('/pkg/') && !response.fromServiceWorker()) asked.push(response.url());
  });
  await page.goto('/articles');
  await islands(page);
  const transferred = await page.evaluate(() =>
    performance.getEntriesByType('resource').filter((entry) => entry.name.includes('/pkg/')).map((entry) => (entry as PerformanceResourceTiming).transferSize),
  );
  expect(transferred.length).toBeGreaterThan(0);
  expect(transferred.every((size) => size === 0), `fetched again: ${asked.join(' ')}`).toBe(true);
});
