/** Command-line flags as Go's flag packages read them: `--name=value`, `-name value`, `--bool`. */
export class Flags {
  readonly #values = new Map<string, string>();

  /** @param booleans names of flags that take no separate value. */
  constructor(args: readonly string[], booleans: readonly string[] = []) {
    for (let index = 0; index < args.length; index++) {
      const [, name, given] = /^--?([^=]+)(?:=(.*))?$/s.exec(args[index] ?? '') ?? [];
      if (name === undefined) continue;
      const next = args[index + 1];
      const takesNext = given === undefined && !booleans.includes(name) && next !== undefined && !next.startsWith('-');
      this.#values.set(name, given ?? (takesNext ? next : 'true'));
      if (takesNext) index++;
    }
  }

  text(name: string, otherwise = ''): string {
    return this.#values.get(name) ?? otherwise;
  }

  bool(name: string, otherwise = false): boolean {
    const value = this.#values.get(name);
    return value === undefined ? otherwise : value === 'true' || value === '1';
  }
}

/** Path of a socket from `unix:///csi/csi.sock`, `unix://csi/csi.sock` or a bare path. */
export function socketPath(endpoint: string): string {
  const path = endpoint.replace(/^unix:\/\//, '').replace(/^unix:/, '');
  return path.startsWith('/') ? path : `/${path}`;
}
