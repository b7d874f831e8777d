// Writes schemas/*.json from the TypeScript types: one for manila-rwx.yaml and one for each kind of result; and the
// check of manila-rwx.yaml as code, because compiling the schema at each start would cost 100 ms.
// With --check it writes nothing and fails if a file would change.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import { build } from 'esbuild';
import { createGenerator } from 'ts-json-schema-generator';

const root = new URL('../', import.meta.url);
const check = process.argv.includes('--check');

function generator(path, additionalProperties, expose) {
  return createGenerator({
    path: new URL(path, root).pathname,
    tsconfig: new URL('tsconfig.json', root).pathname,
    skipTypeCheck: true,
    expose,
    topRef: false,
    additionalProperties,
  });
}

/** A module that exports `validate`, with what it needs of ajv inside. */
async function validatorCode(schema) {
  const ajv = new Ajv({
    allErrors: true,
    strict: false,
    // A definition is one function, however often it is used: half of the code to load.
    inlineRefs: false,
    verbose: true,
    code: { source: true, esm: true, lines: true },
  });
  const contents = standalone.default(ajv, ajv.compile(schema));
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root.pathname },
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
    banner: { js: '// Written by scripts/schemas.mjs from src/config/types.ts.' },
  });
  return outputFiles[0].text;
}

const files = new Map();
const add = (name, schema) => files.set(`schemas/${name}`, `${JSON.stringify(schema, null, 2)}\n`);
const file = generator('src/config/types.ts', false, 'export').createSchema('ConfigFile');
add('manila-rwx.schema.json', { ...file, $id: 'manila-rwx/file/v1', title: 'manila-rwx.yaml' });
files.set('src/config/validator.generated.js', await validatorCode(file));

const kinds = generator('src/report/kinds.ts', true, 'none');
const all = kinds.createSchema('ResultKinds');
for (const [kind, schema] of Object.entries(all.properties)) {
  add(`${kind}.v1.json`, {
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
for (const [name, text] of files) {
  const url = new URL(name, root);
  const old = await readFile(url, 'utf8').catch(() => '');
  if (old === text) continue;
  stale++;
  if (check) console.error(`${name} is not what the types say: run npm run schemas`);
  else await writeFile(url, text);
}
process.exitCode = check && stale > 0 ? 1 : 0;
