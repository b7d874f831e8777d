import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A path inside this package, wherever the bundle has put this code: the nearest folder above it that has the path. */
export async function packagePath(path: string): Promise<string> {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const candidate = join(folder, path);
    try {
      await access(candidate);
      return candidate;
    } catch (error) {
      if (folder === dirname(folder)) throw error;
    }
  }
}
