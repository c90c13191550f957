// An identity provider on this machine, for the browser tests: a certified one, with people who sign in by
// typing their e-mail address and nothing else. node support/provider.mjs PORT DESK
//
// Addresses that begin with "unverified." are not verified, and who ticks the box has used two factors.
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const [port = '9000', desk = 'http://127.0.0.1:3000'] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'claimdesk',
      client_secret: 'a secret between the desk and its provider',
      redirect_uris: [`${desk}/login/elsewhere/callback`],
    },
  ],
  claims: { openid: ['sub', 'amr'], email: ['email', 'email_verified'], profile: ['name'] },
  cookies: { keys: ['only for tests'] },
  features: { devInteractions: { enabled: false } },
  pkce: { required: () => true },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: id, email_verified: !id.startsWith('unverified.'), name: id.split('@')[0] }),
  }),
  // Nobody is asked whether the desk may know their address.
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope('openid email profile');
    await grant.save();
    return grant;
  },
});

const page = (uid) => `<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>Provider</title><main><h1>Provider</h1>
<form method="post" action="/interaction/${uid}">
<p><label>Address <input name="login" type="email" required></label></p>
<p><label><input name="mfa" type="checkbox"> Two factors</label></p>
<p><button>Go on</button> <button name="no" value="1" formnovalidate>Decline</button></p></form></main></html>`;

async function typed(request) {
  let body = '';
  for await (const piece of request) body += piece;
  return new URLSearchParams(body);
}

const rest = provider.callback();

createServer(async (request, response) => {
  const uid = /^\/interaction\/([\w-]+)$/.exec(request.url ?? '')?.[1];
  try {
    if (uid && request.method === 'POST') {
      const form = await typed(request);
      const amr = form.has('mfa') ? ['pwd', 'mfa'] : ['pwd'];
      const result = form.has('no')
        ? { error: 'access_denied', error_description: 'Declined' }
        : { login: { accountId: form.get('login') ?? '', amr, remember: false } };
      await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
    } else if (uid) {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(page(uid));
    } else {
      // Nobody is remembered from one sign-in to the next: tests do not lean on each other.
      const cookies = (request.headers.cookie ?? '').split('; ').filter((cookie) => !cookie.startsWith('_session'));
      request.headers.cookie = cookies.join('; ');
      rest(request, response);
    }
  } catch (error) {
    console.error(error);
    response.statusCode = 500;
    response.end('the provider broke');
  }
}).listen(Number(port), '127.0.0.1', () => console.log(`provider at ${issuer}`));
