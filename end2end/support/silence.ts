// What a browser complains about while a page works: nothing, or the test fails.
import type { BrowserContext, Request } from '@playwright/test';

export class Silence {
  readonly heard: string[] = [];
  readonly #expected: RegExp[] = [];
  readonly #hasScripts: boolean;

  constructor(hasScripts: boolean) {
    this.#hasScripts = hasScripts;
  }

  /** Takes complaints that are the point of a test, such as the browser's note of a refusal. */
  expect(...complaints: RegExp[]): void {
    this.#expected.push(...complaints);
  }

  /** The browser notes an answer of this status as an error of its own. */
  expectStatus(status: number): void {
    this.expect(new RegExp(`status of ${status}`));
  }

  listen(context: BrowserContext): void {
    context.on('console', (message) => {
      if (['error', 'warning', 'assert'].includes(message.type()) && !this.#isPreloadSwitchedOff(message.text())) {
        this.#hear(`console ${message.type()}: ${message.text()}`);
      }
    });
    context.on('weberror', (error) => this.#hear(`page error: ${error.error().stack ?? error.error().message}`));
    context.on('dialog', (dialog) => {
      this.#hear(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    context.on('requestfailed', (request) => {
      if (!wasLeft(request) && !this.#isScriptSwitchedOff(request)) this.#hear(`request failed: ${request.method()} ${request.url()} ${request.failure()?.errorText}`);
    });
  }

  /** Complaints that no test asked for. */
  unexpected(): string[] {
    return this.heard.filter((complaint) => !this.#expected.some((known) => known.test(complaint)));
  }

  /** With scripts off Chromium fetches none, and calls that a matter of policy. */
  #isScriptSwitchedOff(request: Request): boolean {
    return !this.#hasScripts && request.failure()?.errorText === 'csp' && request.url().endsWith('.js');
  }

  /** With scripts off nothing uses the module that the page preloads for them. */
  #isPreloadSwitchedOff(words: string): boolean {
    return !this.#hasScripts && /\.wasm was preloaded using link preload but not used/.test(words);
  }

  #hear(complaint: string): void {
    this.heard.push(complaint);
  }
}

/** Going to another page ends what the page before was still asking for. */
function wasLeft(request: Request): boolean {
  return request.failure()?.errorText === 'net::ERR_ABORTED';
}
