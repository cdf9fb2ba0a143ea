// A service built on npm's openid-client. Each line it reads is one step, told as JSON, and is answered with a line:
//   begin:  where to send the reader, and what to remember
//   finish: the tokens' claims, for the address she came back to
//   then:   refresh, userinfo, introspect, revoke, leave
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const from = createRequire(pathToFileURL(process.argv[2] + "/"));
const oidc = await import(pathToFileURL(from.resolve("openid-client")));

async function step(asked) {
  const key = asked.jwk && (await crypto.subtle.importKey(
    "jwk", asked.jwk, asked.jwk.kty === "RSA"
      ? { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } : { name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]));
  const signer = key && { key, kid: asked.jwk.kid };
  const authentication = {
    private_key_jwt: () => oidc.PrivateKeyJwt(signer),
    client_secret_basic: () => oidc.ClientSecretBasic(asked.secret),
    client_secret_post: () => oidc.ClientSecretPost(asked.secret),
    none: () => oidc.None(),
  }[asked.method]();
  const metadata = asked.metadata || {};
  const config = await oidc.discovery(new URL(asked.issuer), asked.client, metadata, authentication, {
    execute: [oidc.allowInsecureRequests],
  });
  const dpop = async () => {
    if (!asked.dpop) return undefined;
    const algorithm = { name: "ECDSA", namedCurve: "P-256" };
    const pair = asked.pair && {
      privateKey: await crypto.subtle.importKey("jwk", asked.pair.private, algorithm, true, ["sign"]),
      publicKey: await crypto.subtle.importKey("jwk", asked.pair.public, algorithm, true, ["verify"]),
    };
    return { DPoP: oidc.getDPoPHandle(config, pair) };
  };

  const steps = {
    async begin() {
      const verifier = oidc.randomPKCECodeVerifier();
      const kept = { verifier, state: oidc.randomState(), nonce: oidc.randomNonce() };
      const parameters = {
        redirect_uri: asked.redirect, scope: "openid profile", state: kept.state, nonce: kept.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: "S256", ...asked.extra,
      };
      const url = {
        plain: () => oidc.buildAuthorizationUrl(config, parameters),
        pushed: async () => oidc.buildAuthorizationUrlWithPAR(config, parameters, await dpop()),
        signed: () => oidc.buildAuthorizationUrlWithJAR(config, parameters, signer),
      }[asked.how || "plain"]();
      return { url: (await url).href, ...kept };
    },
    async finish() {
      const tokens = await oidc.authorizationCodeGrant(config, new URL(asked.back), {
        pkceCodeVerifier: asked.kept.verifier, expectedState: asked.kept.state, expectedNonce: asked.kept.nonce,
        idTokenExpected: true, maxAge: asked.maxAge,
      }, undefined, await dpop());
      return { ...tokens, claims: tokens.claims() };
    },
    async refresh() {
      const tokens = await oidc.refreshTokenGrant(config, asked.token, undefined, await dpop());
      return { ...tokens, claims: tokens.claims() };
    },
    userinfo: async () => oidc.fetchUserInfo(config, asked.token, asked.subject, await dpop()),
    introspect: () => oidc.tokenIntrospection(config, asked.token),
    revoke: async () => ({ done: await oidc.tokenRevocation(config, asked.token) ?? true }),
    leave: () => ({ url: oidc.buildEndSessionUrl(config, asked.parameters).href }),
  };

  try {
    return await steps[asked.step]();
  } catch (fault) {
    return { fault: fault.code || fault.name, error: fault.error, text: String(fault.cause?.message || fault.message) };
  }
}

for await (const line of createInterface({ input: process.stdin })) console.log(JSON.stringify(await step(JSON.parse(line))));
