import { UserError } from '../base/user-error.ts';
import type { EnvHttpProxyAgent } from 'undici';
import type { Fetch } from './image-transfer.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * fetch by way of the proxy that the environment names, under the names that curl knows: `https_proxy`, `http_proxy`,
 * `no_proxy`. Node's own fetch takes one only from version 24 on, and only when it is told to. Without a proxy it is Node's.
 */
export function proxiedFetch(env: Environment): Fetch {
  const [httpProxy, httpsProxy] = [setting(env, 'http_proxy'), setting(env, 'https_proxy')];
  if (httpProxy === undefined && httpsProxy === undefined) return fetch;
  const noProxy = setting(env, 'no_proxy') ?? '';
  let agent: EnvHttpProxyAgent | undefined;
  return async (url, options) => {
    // Few have a proxy: what speaks to one is loaded only then.
    const undici = await import('undici');
    // An empty text would be taken for none, and the environment asked after all.
    agent ??= usable(
      () =>
        new undici.EnvHttpProxyAgent({ noProxy, ...(httpProxy && { httpProxy }), ...(httpsProxy && { httpsProxy }) }),
    );
    return undici.fetch(url, { ...options, dispatcher: agent });
  };
}

const setting = (env: Environment, name: string): string | undefined =>
  [env[name], env[name.toUpperCase()]].find(value => value !== undefined && value !== '');

function usable(make: () => EnvHttpProxyAgent): EnvHttpProxyAgent {
  try {
    return make();
  } catch {
    throw new UserError(
      'The proxy that https_proxy or http_proxy names has no usable address. Write it as http://HOST:PORT, or unset the variable.',
    );
  }
}
