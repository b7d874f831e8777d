import { readdir, readFile } from 'node:fs/promises';
import { parseAllDocuments } from 'yaml';
import { packagePath } from '../core/package-folder.ts';
import type { KubeObject } from '../kube/types.ts';

/** The objects of one template file, in its order. `name` is a path below `templates/`. */
export async function readTemplate(name: string): Promise<KubeObject[]> {
  const text = await readFile(await packagePath(`templates/${name}`), 'utf8');
  return parseAllDocuments(text).flatMap((document) => {
    const object = document.toJS() as KubeObject | null;
    return object === null ? [] : [object];
  });
}

/** The files of a folder below `templates/`, sorted, as names for {@link readTemplate}. */
export async function templatesIn(folder: string): Promise<string[]> {
  const names = await readdir(await packagePath(`templates/${folder}`));
  return names
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => `${folder}/${name}`);
}
