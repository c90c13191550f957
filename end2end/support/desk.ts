// The people of the desk, each in a browser of their own, and the silence around them.
import { test as base, expect, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { AxeBuilder } from '@axe-core/playwright';
import { randomUUID } from 'node:crypto';
import { Silence } from './silence.ts';

export { expect };

export interface Person {
  name: string;
  email: string;
  password: string;
}

/** People that tests act as. `guest` and `admin` are demo accounts; each worker has the others made
 *  for itself, because drafts, leases and counts belong to a person. */
export type Who = 'guest' | 'reviewer' | 'colleague' | 'editor' | 'admin';

export const demoPassword = process.env.DEMO_PASSWORD ?? 'seven quiet herons at dawn';

export const demo = {
  guest: demoAccount('Guest reader', 'guest@desk.example'),
  jonas: demoAccount('Jonas Wirth', 'jonas.wirth@desk.example'),
  leila: demoAccount('Leila Haddadi', 'leila.haddadi@desk.example'),
  owen: demoAccount('Owen Achebe', 'owen.achebe@desk.example'),
  admin: demoAccount('Marta Lindahl', 'marta.lindahl@desk.example'),
};

function demoAccount(name: string, email: string): Person {
  return { name, email, password: demoPassword };
}

/** A few letters that nothing else in the database has. */
export function unique(): string {
  const letters = [...randomUUID().replaceAll('-', '').slice(0, 10)].map((digit) => 'abcdefghijklmnop'[parseInt(digit, 16)]).join('');
  return letters.charAt(0).toUpperCase() + letters.slice(1);
}

export async function signIn(page: Page, person: Person): Promise<void> {
  await page.getByLabel('E-mail address').fill(person.email);
  await page.getByLabel('Password').fill(person.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

type State = Awaited<ReturnType<BrowserContext['storageState']>>;

/** Who has signed in, once in each worker. */
class People {
  readonly #made = new Map<Who, Promise<Person>>();
  readonly #states = new Map<string, Promise<State>>();

  /** Who stands behind a role. */
  person(browser: Browser, who: Who): Promise<Person> {
    if (who === 'guest' || who === 'admin') return Promise.resolve(demo[who]);
    const made = this.#made.get(who) ?? this.#make(browser, who);
    this.#made.set(who, made);
    return made;
  }

  #make(browser: Browser, who: 'reviewer' | 'colleague' | 'editor'): Promise<Person> {
    const names = { reviewer: 'Ingrid Falk', colleague: 'Samir Okoro', editor: 'Hanna Reyes' };
    return this.create(browser, names[who], who === 'editor' ? 'editor' : 'reviewer');
  }

  /** A new account, with a name that nobody else has. */
  async create(browser: Browser, name: string, role: 'viewer' | 'reviewer' | 'editor'): Promise<Person> {
    const mark = unique();
    const email = `${name.split(' ')[0]}.${mark}@desk.example`.toLowerCase();
    const person = { name: `${name} ${mark}`, email, password: `a password for ${mark}` };
    const context = await browser.newContext({ storageState: await this.state(browser, demo.admin) });
    const answer = await context.request.post('/actions/accounts/create', {
      form: { name: person.name, email, role, new_password: person.password },
    });
    expect(answer.url(), 'the account was not made').toContain('done=account_created');
    await context.close();
    return person;
  }

  /** The cookies of somebody who has signed in through the form. */
  state(browser: Browser, person: Person): Promise<State> {
    const known = this.#states.get(person.email) ?? enter(browser, person);
    this.#states.set(person.email, known);
    return known;
  }
}

async function enter(browser: Browser, person: Person): Promise<State> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto('/login');
  await signIn(page, person);
  await expect(page).toHaveURL('/');
  const state = await context.storageState();
  await context.close();
  return state;
}

interface Fixtures {
  silence: Silence;
  /** A page in a browser of its own, signed in as somebody; each call is another browser. */
  as: (who: Who | Person) => Promise<Page>;
  /** A page of somebody whose session the test may end. */
  anew: (person: Person) => Promise<Page>;
  /** Who stands behind a role. */
  person: (who: Who) => Promise<Person>;
  /** An account that nothing else uses. */
  somebody: (role?: 'viewer' | 'reviewer' | 'editor') => Promise<Person>;
  /** Whether scripts run in this project. */
  hasScripts: boolean;
}

export const test = base.extend<Fixtures, { people: People }>({
  people: [async ({}, use) => use(new People()), { scope: 'worker' }],

  hasScripts: async ({ javaScriptEnabled }, use) => use(javaScriptEnabled !== false),

  silence: [
    async ({ hasScripts }, use) => {
      const silence = new Silence(hasScripts);
      await use(silence);
      expect(silence.unexpected(), 'the browser complained').toEqual([]);
    },
    { auto: true },
  ],

  context: async ({ context, silence }, use) => {
    silence.listen(context);
    await use(context);
  },

  as: async ({ browser, people, silence }, use) => {
    const open: BrowserContext[] = [];
    await use(async (who) => {
      const person = typeof who === 'string' ? await people.person(browser, who) : who;
      const context = await browser.newContext({ storageState: await people.state(browser, person) });
      open.push(context);
      silence.listen(context);
      return context.newPage();
    });
    for (const context of open) await context.close();
  },

  anew: async ({ browser, silence }, use) => {
    const open: BrowserContext[] = [];
    await use(async (person) => {
      const context = await browser.newContext();
      open.push(context);
      silence.listen(context);
      const page = await context.newPage();
      await page.goto('/login');
      await signIn(page, person);
      await expect(page).toHaveURL('/');
      return page;
    });
    for (const context of open) await context.close();
  },

  person: async ({ browser, people }, use) => use((who) => people.person(browser, who)),

  somebody: async ({ browser, people }, use) => use((role = 'reviewer') => people.create(browser, 'Noor Adeyemi', role)),
});

/** Waits until keys, drafts and live updates work. */
export async function islands(page: Page): Promise<void> {
  await expect(page.locator('html')).toHaveAttribute('data-islands', 'ready');
}

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** axe finds nothing, in light colours and in dark. */
export async function a11y(page: Page): Promise<void> {
  const screen = page.viewportSize() ?? { width: 1280, height: 800 };
  // What axe would need a page of its own for: a page with frames of other sites.
  expect(page.frames(), 'a page has no frames').toHaveLength(1);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const axe = new AxeBuilder({ page }).setLegacyMode();
    if (colorScheme === 'light') {
      axe.withTags(WCAG).disableRules(['target-size']);
    } else {
      // Only colours differ in the dark. Sizes are measured on a screen as high as the page, where
      // no bar that stays in place lies over what can be scrolled out from under it.
      const height = await page.evaluate(() => document.documentElement.scrollHeight);
      await page.setViewportSize({ ...screen, height: Math.max(4000, height + 400) });
      axe.withRules(['color-contrast', 'link-in-text-block', 'target-size']);
    }
    const { violations } = await axe.analyze();
    const found = violations.flatMap(({ id, help, nodes }) =>
      nodes.map((node) => `${colorScheme} ${id}: ${help}\n  ${node.target.join(' ')}\n  ${node.html.slice(0, 200)}\n  ${node.any.map((check) => check.message).join('; ')}`),
    );
    expect(found, `axe in ${colorScheme} colours at ${new URL(page.url()).pathname}`).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(screen);
}

/** Nothing sticks out to the side. */
export async function fits(page: Page): Promise<void> {
  const { wide, screen, culprits } = await page.evaluate(() => {
    const screen = window.innerWidth;
    const sticksOut = (element: Element) => element.getBoundingClientRect().right > screen + 1;
    return {
      screen,
      wide: document.scrollingElement?.scrollWidth ?? 0,
      culprits: [...document.querySelectorAll('main *, header *')].filter(sticksOut).slice(0, 5).map((e) => e.outerHTML.slice(0, 120)),
    };
  });
  expect(wide, `${new URL(page.url()).pathname} is wider than the screen: ${culprits.join('\n')}`).toBeLessThanOrEqual(screen);
}
