// An OpenID Connect provider on loopback: npm's oidc-provider, a certified one, with its built-in pages for signing in.
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

/** Starts one that knows a single client. Whoever signs in as `name` has that subject. */
export async function startProvider({ redirect, secret }) {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: "shirube", client_secret: secret, redirect_uris: [redirect], response_types: ["code"], grant_types: ["authorization_code"] }],
    claims: { openid: ["sub"], profile: ["name"], email: ["email"] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id, name: `${id} (GビズID)`, email: `${id}@example.jp` }) }),
    features: { devInteractions: { enabled: true } },
    cookies: { keys: ["bench"] },
  });
  server.on("request", provider.callback());
  return { issuer, stop: () => new Promise((resolve) => server.close(resolve) && server.closeAllConnections()) };
}

/** A port of loopback that is free just now: the provider has to know the site's address before it starts. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
