// Under `require-trusted-types-for 'script'` a script's address must pass a policy. The only ones
// that this application starts are its own worker and service worker, by path on its own origin.

interface Policies {
  createPolicy(name: string, rules: { readonly createScriptURL: (url: string) => string }): unknown;
}

const policies = (globalThis as { readonly trustedTypes?: Policies }).trustedTypes;

policies?.createPolicy("default", {
  createScriptURL: (url) => {
    const target = new URL(url, location.origin);
    const own = target.origin === location.origin;
    if (own && /^\/(?:files\/device-\w+|service-worker)\.js$/.test(target.pathname)) return url;
    throw new TypeError("this application starts no such script");
  },
});
