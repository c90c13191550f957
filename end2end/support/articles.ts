// Articles that tests bring in: each with a place name of its own, because the desk keeps a text once.
import { expect, type Page } from '@playwright/test';
import { unique } from './desk.ts';

export interface Article {
  title: string;
  text: string;
  outlet?: string;
  author?: string;
  address?: string;
  published?: string;
}

/** A report with figures, and people who give them in their own words and in the reporter's. */
export function bridgeReport(): Article & { town: string } {
  const town = unique();
  return {
    town,
    title: `Bridge gives way near ${town}`,
    outlet: 'The Valley Courier',
    author: 'Petra Lund',
    address: `https://valley-courier.example/news/${town}`,
    published: '2024-05-14T17:30',
    text: `At least 14 people were killed when a road bridge collapsed near ${town} on Tuesday, rescuers said.

“We have counted 31 wounded and we have no room for more,” said Ilona Brandt, the director of the district hospital. She said that nine of them were children.

Mayor Pavel Orsic said that about 400 residents were evacuated from two streets below the bridge. “Dozens of cars were destroyed,” he told reporters.

The bridge was inspected in 2019.`,
  };
}

/** A report with one claim to check. */
export function flash(): Article & { town: string } {
  const town = unique();
  return {
    town,
    title: `Fire at a warehouse in ${town}`,
    outlet: 'The Valley Courier',
    text: `Three people were killed in a fire at a warehouse in ${town} on Monday, the fire brigade said.`,
  };
}

/** A report with one toll so large that the demo desk asks two reviewers for it. */
export function largeToll(): Article & { town: string } {
  const town = unique();
  return {
    town,
    title: `Sinking of a ferry off ${town}`,
    outlet: 'The Valley Courier',
    text: `At least 60 people were killed when a ferry sank off ${town} on Monday, the coastguard said.`,
  };
}

/** A report that is not in English. */
export function ukrainian(): Article {
  const town = unique();
  return {
    title: `Повінь біля ${town}`,
    text: `Рятувальники повідомили, що внаслідок повені поблизу ${town} загинули троє людей, ще дванадцять вважаються зниклими безвісти.

Мер міста сказав, що понад двісті мешканців довелося вивезти з підтоплених вулиць, а воду подають із цистерн.`,
  };
}

/** Brings an article in, as the form does, and opens it; gives its address. */
export async function bringIn(page: Page, article: Article): Promise<string> {
  const { title, text, outlet = '', author = '', address = '', published = '' } = article;
  const form = { title, text, outlet, author, address, published };
  const answer = await page.request.post('/actions/articles/add', { form });
  const path = new URL(answer.url()).pathname;
  expect(path, `the article was not added: ${await answer.text()}`).toMatch(/^\/articles\/[0-9a-f-]{36}$/);
  await page.goto(path);
  return path;
}

/** Brings in an article with one claim and opens that claim; gives its address. */
export async function bringInOneClaim(page: Page, article: Article = flash()): Promise<string> {
  await bringIn(page, article);
  await page.locator('#article-claims .says').first().click();
  await expect(page.locator('#claim-head')).toBeVisible();
  return new URL(page.url()).pathname;
}

/** Two reports of one strike in a town that nothing else is about; their tolls contradict each other. */
export async function twoReports(page: Page, town: string): Promise<void> {
  await bringIn(page, {
    title: `Rockets hit ${town}`,
    outlet: 'Courier',
    published: '2024-05-03T10:00',
    text: `A rocket attack on the town of ${town} on 3 May 2024 killed 41 people, the health ministry said on Friday.\n`,
  });
  await bringIn(page, {
    title: `${town} count disputed`,
    outlet: 'Herald',
    published: '2024-05-03T18:00',
    text: `The Civil Rescue League said that the rocket attack on ${town} on 3 May 2024 killed 19 people.\n`,
  });
}
