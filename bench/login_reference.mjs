// The reference of bench/login.py: npm's oidc-provider with its in-memory store, the same client and the same flow.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [folder, port, algorithm, secret] = process.argv.slice(2);
const from = createRequire(pathToFileURL(folder + "/"));
const { Provider } = await import(pathToFileURL(from.resolve("oidc-provider")));
const { generateKeyPair, exportJWK } = await import(pathToFileURL(from.resolve("jose")));
const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
const jwk = { ...(await exportJWK(privateKey)), kid: "k1", use: "sig", alg: algorithm };
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{
    client_id: "service", client_secret: secret, redirect_uris: ["https://service.example/callback"],
    id_token_signed_response_alg: algorithm,
  }],
  jwks: { keys: [jwk] },
  cookies: { keys: ["for the benchmark only"] },
  pkce: { required: () => true },
  features: { devInteractions: { enabled: true } },
  ttl: { Session: 7200, Grant: 7200, AccessToken: 120, AuthorizationCode: 60, IdToken: 120, Interaction: 3600 },
});
provider.listen(Number(port), "127.0.0.1");
