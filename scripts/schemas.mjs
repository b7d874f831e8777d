// Writes schemas/*.json from the TypeScript types: one for manila-rwx.yaml and one for each kind of result.
// With --check it writes nothing and fails if a file would change.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createGenerator } from 'ts-json-schema-generator';

const root = new URL('../', import.meta.url);
const check = process.argv.includes('--check');

function generator(path, additionalProperties) {
  return createGenerator({
    path: new URL(path, root).pathname,
    tsconfig: new URL('tsconfig.json', root).pathname,
    skipTypeCheck: true,
    expose: 'none',
    topRef: false,
    additionalProperties,
  });
}

const schemas = new Map();
const file = generator('src/config/types.ts', false).createSchema('ConfigFile');
schemas.set('manila-rwx.schema.json', { ...file, $id: 'manila-rwx/file/v1', title: 'manila-rwx.yaml' });

const kinds = generator('src/report/kinds.ts', true);
const all = kinds.createSchema('ResultKinds');
for (const [kind, schema] of Object.entries(all.properties)) {
  schemas.set(`${kind}.v1.json`, {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: `manila-rwx/${kind}/v1`,
    title: `Result of kind ${kind}`,
    allOf: [
      { type: 'object', required: ['schema'], properties: { schema: { const: `manila-rwx/${kind}/v1` } } },
      schema,
    ],
    definitions: all.definitions,
  });
}

let stale = 0;
await mkdir(new URL('schemas/', root), { recursive: true });
for (const [name, schema] of schemas) {
  const url = new URL(`schemas/${name}`, root);
  const text = `${JSON.stringify(schema, null, 2)}\n`;
  const old = await readFile(url, 'utf8').catch(() => '');
  if (old === text) continue;
  stale++;
  if (check) console.error(`schemas/${name} is not what the types say: run npm run schemas`);
  else await writeFile(url, text);
}
process.exitCode = check && stale > 0 ? 1 : 0;
