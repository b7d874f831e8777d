import { createHash, randomBytes, scryptSync } from 'node:crypto';
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from '../core/context.ts';
import { errnoOf, messageOf } from '../core/errors.ts';
import type { Token } from './keystone.ts';

/**
 * Tokens on disk, one file a login: `$XDG_CACHE_HOME/manila-rwx/tokens/<hash>.json`, mode 0600 in a folder of mode
 * 0700. A token lives about an hour; a login takes up to half a second, an API call some milliseconds.
 */
export class TokenCache {
  readonly #ctx: Context;
  readonly #folder: string;
  readonly path: string;

  /** @param input everything that the login depends on, secrets included: another password is another file. */
  constructor(ctx: Context, input: { authUrl: string; secret: string; rest: unknown }) {
    this.#ctx = ctx;
    const base = ctx.env.XDG_CACHE_HOME;
    this.#folder = join(base?.startsWith('/') ? base : join(ctx.home, '.cache'), 'manila-rwx', 'tokens');
    this.path = join(this.#folder, `${cacheKey(input)}.json`);
  }

  /** The cached token, or undefined where there is none that can be trusted: its file must be the user's alone. */
  async read(): Promise<Token | undefined> {
    let handle;
    try {
      handle = await open(this.path, 'r');
      const { mode, uid } = await handle.stat();
      if ((mode & 0o077) !== 0 || (process.getuid !== undefined && uid !== process.getuid())) {
        this.#ctx.io.warn(`${this.path} is open to other users, so the token in it is not used`);
        await this.drop();
        return undefined;
      }
      return asToken(JSON.parse(await handle.readFile('utf8')));
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') this.#ctx.io.debug(`token cache: ${messageOf(error)}`);
      return undefined;
    } finally {
      await handle?.close();
    }
  }

  /** Keeps a token. A cache that cannot be written is not worth more than a debug line. */
  async write(token: Token): Promise<void> {
    const temporary = `${this.path}.${randomBytes(6).toString('hex')}`;
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await writeFile(temporary, JSON.stringify(token), { mode: 0o600, flag: 'wx' });
      await rename(temporary, this.path);
    } catch (error) {
      this.#ctx.io.debug(`token cache: ${messageOf(error)}`);
      await rm(temporary, { force: true }).catch(() => undefined);
    }
  }

  async drop(): Promise<void> {
    await rm(this.path, { force: true }).catch(() => undefined);
  }
}

/** The secret goes through scrypt (about 5 ms), so that a file name that leaks is no way to guess a password. */
function cacheKey({ authUrl, secret, rest }: { authUrl: string; secret: string; rest: unknown }): string {
  const salt = createHash('sha256')
    .update(JSON.stringify([authUrl, rest]))
    .digest();
  return scryptSync(secret, salt, 20, { N: 2048 }).toString('hex');
}

function asToken(value: unknown): Token | undefined {
  const token = value as Partial<Token> | null;
  const usable =
    typeof token?.id === 'string' &&
    typeof token.expiresAt === 'number' &&
    typeof token.issuedAt === 'number' &&
    typeof token.body === 'object';
  return usable ? (token as Token) : undefined;
}
