// An OpenID provider for the tests. Whoever types an address at its sign-in page is the person of that address.
// Started with: the folder of node_modules, then the callback address of the client. Says {"issuer": …} when it listens.
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [folder, back] = process.argv.slice(2);
const found = createRequire(`${folder}/`).resolve("oidc-provider");
const { default: Provider } = await import(pathToFileURL(found));

// People by the part of their address before the @: "unproved" is not vouched for, "nobody" has no address.
function person(id) {
  const name = id.split("@")[0];
  const claims = { sub: id, name: name[0].toUpperCase() + name.slice(1) };
  if (name !== "nobody") Object.assign(claims, { email: id, email_verified: name !== "unproved" });
  return { accountId: id, claims: () => claims };
}

const server = createServer();
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const issuer = `http://localhost:${server.address().port}`;
const provider = new Provider(issuer, {
  clients: [{ client_id: "comptoir", client_secret: "a secret of the tests", redirect_uris: [back] }],
  pkce: { required: () => true },
  claims: { email: ["email", "email_verified"], profile: ["name"] },
  conformIdTokenClaims: false,
  findAccount: (_context, id) => person(id),
  features: { devInteractions: { enabled: true } },
  cookies: { keys: ["of the tests"] },
});
server.on("request", provider.callback());
console.log(JSON.stringify({ issuer }));
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
