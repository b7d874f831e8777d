#!/usr/bin/env node
/*
 * Compares what was asked of the lab in tests of the program with what the contract suite asserts.
 *
 *   node scripts/contract-gap.mjs [--only SERVICE,...] ASSERTED SEEN...
 *
 * Each file has one request a line, as src/lab/recorder.ts writes them: ASSERTED from the contract suite
 * (CONTRACT_RECORD=ASSERTED npx vitest run --project contract), SEEN from the lab (manila-rwx lab run --record SEEN).
 *
 * Exit 0: every answer that the program was seen to get is one that the contract suite meets too. Exit 1: the gaps, on
 * standard output. Exit 2: a file that cannot be read or says nothing, for an empty record proves nothing.
 */
import { readFileSync } from 'node:fs';

const args = process.argv.slice(2);
const only = args[0] === '--only' ? args.splice(0, 2)[1]?.split(',') : undefined;
const [asserted, ...seen] = args;
if (asserted === undefined || seen.length === 0) stop('usage: contract-gap.mjs [--only SERVICE,...] ASSERTED SEEN...');

const known = new Set(requests(asserted).map(keyOf));
const gaps = new Map();
let compared = 0;
for (const file of seen) {
  for (const request of requests(file)) {
    if (only && !only.includes(request.service)) continue;
    compared++;
    // Faults on purpose are no answers of a service.
    if (request.faulty !== true && !known.has(keyOf(request))) gaps.set(keyOf(request), file);
  }
}
if (compared === 0) stop(`nothing was seen of ${only.join(', ')}`);
for (const [key, file] of [...gaps].sort()) console.log(`not in the contract: ${key} (${file})`);
if (gaps.size > 0) process.exit(1);
console.log(`no gap: ${known.size} kinds of answers are asserted`);

function keyOf({ service, method, template, status }) {
  return `${service} ${method} ${template} ${status}`;
}

function requests(file) {
  let text;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    stop(`${file} cannot be read: ${error.message}`);
  }
  const lines = text.split('\n').filter((line) => line !== '');
  if (lines.length === 0) stop(`${file} is empty`);
  return lines.map((line, index) => {
    try {
      return JSON.parse(line);
    } catch {
      return stop(`${file} line ${index + 1} is no JSON`);
    }
  });
}

function stop(message) {
  console.error(message);
  process.exit(2);
}
