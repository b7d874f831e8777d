// Measures and writes docs/performance.md: `npm run bench`, or `npm run bench -- startup` for one part of it.
// The parts on the real stack need REALSTACK (by default ../shared/realstack), root, and a few minutes.
import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { memory } from './memory.mjs';
import { realStack } from './real.mjs';
import { shareTypes } from './sharetypes.mjs';
import { startup } from './startup.mjs';

const parts = { startup, sharetypes: shareTypes, memory, real: realStack };
const wanted = process.argv.slice(2);
for (const name of wanted) {
  if (!(name in parts)) throw new Error(`no such part: ${name}; there are ${Object.keys(parts).join(', ')}`);
}

const file = new URL('../docs/performance.md', import.meta.url);
let text = await readFile(file, 'utf8');
for (const [name, measure] of Object.entries(parts)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.error(`measuring ${name} ...`);
  const body = await measure();
  const where = `Measured on ${new Date().toISOString().slice(0, 10)} with Node.js ${process.versions.node}, ${cpus().length} cores.`;
  const section = new RegExp(`(<!-- ${name} -->\n)[^]*?(<!-- /${name} -->)`);
  if (!section.test(text)) throw new Error(`docs/performance.md has no section ${name}`);
  text = text.replace(section, (_, open, close) => `${open}\n${where}\n${body}\n\n${close}`);
  console.log(body);
}
await writeFile(file, text);
