import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { errnoOf } from '../core/errors.ts';
import type { KubeObject } from '../kube/types.ts';

/** The objects of one template file, in its order. `name` is a path below `templates/`. */
export async function readTemplate(name: string): Promise<KubeObject[]> {
  const text = await readFile(join(await templatesFolder(), name), 'utf8');
  return parseAllDocuments(text).flatMap((document) => {
    const object = document.toJS() as KubeObject | null;
    return object === null ? [] : [object];
  });
}

/** The files of a folder below `templates/`, sorted, as names for {@link readTemplate}. */
export async function templatesIn(folder: string): Promise<string[]> {
  const names = await readdir(join(await templatesFolder(), folder));
  return names
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => `${folder}/${name}`);
}

/** The package's `templates/`: above this file, however deep the bundle has put it. */
async function templatesFolder(): Promise<string> {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const candidate = join(folder, 'templates');
    try {
      await readdir(join(candidate, 'manila-nfs'));
      return candidate;
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT' || folder === dirname(folder)) throw error;
    }
  }
}
