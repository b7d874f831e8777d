// Bundles src/ into dist/: ES modules, split so that a command loads only its own code. Hundreds of small files
// would cost more at start-up than everything in them (docs/dependencies.md has the figures).
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

const outdir = new URL('../dist/', import.meta.url).pathname;

/** client-node declares no `sideEffects`, so esbuild would keep all 840 of its generated models. */
const pureClientNode = {
  name: 'pure-client-node',
  setup(build) {
    build.onResolve({ filter: /^(@kubernetes\/client-node|\.)/ }, async (args) => {
      if (args.pluginData?.again) return undefined;
      if (args.path.startsWith('.') && !args.importer.includes('/@kubernetes/client-node/')) return undefined;
      const { errors, ...found } = await build.resolve(args.path, {
        kind: args.kind,
        importer: args.importer,
        resolveDir: args.resolveDir,
        pluginData: { again: true },
      });
      return errors.length > 0 ? { errors } : { ...found, sideEffects: false };
    });
  },
};

await rm(outdir, { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: [new URL('../src/main.ts', import.meta.url).pathname],
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'linked',
  sourcemap: 'linked',
  metafile: true,
  chunkNames: 'chunks/[name]-[hash]',
  // Bundled CommonJS (yaml, ws, node-fetch) asks for Node's own modules by require.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
  plugins: [pureClientNode],
  logLevel: 'warning',
});
await writeFile(new URL('../dist/THIRD-PARTY-LICENSES.txt', import.meta.url), await licences(metafile.inputs));

/** The licence texts of all packages that went into the bundle, as their licences ask. */
async function licences(inputs) {
  const folders = new Set(
    Object.keys(inputs)
      .map((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1])
      .filter((folder) => folder !== undefined),
  );
  const parts = [];
  for (const folder of [...folders].sort()) {
    const { name, version, license } = JSON.parse(await readFile(`${folder}/package.json`, 'utf8'));
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file === undefined ? '' : await readFile(`${folder}/${file}`, 'utf8');
    parts.push(`${name} ${version} (${license})\n\n${text.trim()}`);
  }
  return `${parts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}
