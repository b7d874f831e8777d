#!/usr/bin/env node
/*
 * Compares what the program was answered by the lab in its tests with what the contract suite asserts of each service.
 *
 *   LAB_RECORD=FOLDER npm test; node scripts/contract-gap.mjs FOLDER
 *
 * FOLDER/asserted has the requests of the contract suite, FOLDER/seen those of all other tests, one a line of JSON as
 * src/lab/recorder.ts writes them (`manila-rwx lab run --record FOLDER/seen/FILE` adds to them).
 *
 * Exit 0: every answer that the program was seen to get is one that the contract suite meets too. Exit 1: the gaps, on
 * standard output, with what to do. Exit 2: records that cannot be read or say nothing, for they prove nothing.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Where an answer is asserted: the first line that fits. */
const PLACES = [
  ['keystone', /application_credentials/, 'openstack/credentials.ts'],
  ['keystone', /auth|^\/(v3)?\/?$/, 'openstack/login.ts'],
  ['keystone', /./, 'openstack/identity.ts'],
  ['manila', /access/, 'openstack/access.ts'],
  ['manila', /quota/, 'openstack/quotas.ts'],
  ['manila', /snapshot/, 'openstack/snapshots.ts'],
  ['manila', /\/shares/, 'openstack/shares.ts'],
  ['manila', /\/types/, 'openstack/share-types.ts'],
  ['manila', /./, 'openstack/infrastructure.ts'],
  ['kubernetes', /#watch/, 'kubernetes/watches.ts'],
  ['kubernetes', /^\/(version|apis?(\/[^/]+){0,2}|openapi.*)$/, 'kubernetes/discovery.ts'],
  ['kubernetes', /^\/apis\/[^/]+\/v1\/(?!namespaces)[^/]+$|\/namespaces\/\{namespace\}\/[^/]+$/, 'kubernetes/lists.ts'],
  ['kubernetes', /authorization|leases/, 'kubernetes/access.ts'],
  ['kubernetes', /\/pods/, 'kubernetes/pods.ts'],
  ['kubernetes', /persistentvolume/, 'kubernetes/claims.ts'],
  ['kubernetes', /./, 'kubernetes/kinds.ts'],
];

const [folder, ...more] = process.argv.slice(2);
if (folder === undefined || more.length > 0) stop('usage: contract-gap.mjs FOLDER');
const asserted = new Set(requestsIn('asserted').map(({ request }) => keyOf(request)));
const gaps = new Map();
for (const { request, file } of requestsIn('seen')) {
  // A fault on purpose and a connection that was cut are no answers of a service.
  if (request.faulty === true || request.status === 0 || asserted.has(keyOf(request))) continue;
  const gap = gaps.get(keyOf(request)) ?? { request, files: new Set() };
  gap.files.add(basename(file, '.jsonl'));
  gaps.set(keyOf(request), gap);
}
for (const [key, { request, files }] of [...gaps].sort(([a], [b]) => (a < b ? -1 : 1))) {
  console.log(`not in the contract: ${key}\n    seen in ${[...files].join(', ')}; assert it in ${placeOf(request)}`);
}
if (gaps.size > 0) {
  console.log(
    `\n${gaps.size} kinds of answers have no assertion. Make the same request in a test of the file that is named (what do ` +
      'we rely on in its status, headers and body?), and run it on both:\n' +
      '    npx vitest run --project contract && npx vitest run --project real test/real/contract\n' +
      'Where the real service answers otherwise, the lab (src/lab) is wrong. A 501 is what the lab does not serve yet.',
  );
  process.exit(1);
}
console.log(`no gap: ${asserted.size} kinds of answers are asserted`);

function keyOf({ service, method, template, status }) {
  return `${service} ${method} ${template} ${status}`;
}

function placeOf({ service, template }) {
  return `test/contract/${PLACES.find(([name, pattern]) => name === service && pattern.test(template))?.[2] ?? ''}`;
}

/** All requests of a part, with the file each was found in. */
function requestsIn(part) {
  const path = join(folder, part);
  const files = reading(path, () => readdirSync(path)).map((name) => join(path, name));
  const found = files.flatMap((file) => linesOf(file).map((request) => ({ request, file })));
  if (found.length === 0) stop(`${path} has no requests in it`);
  return found;
}

function linesOf(file) {
  const lines = reading(file, () => readFileSync(file, 'utf8')).split('\n');
  return lines.flatMap((line, index) => {
    if (line === '') return [];
    try {
      return [JSON.parse(line)];
    } catch {
      return stop(`${file} line ${index + 1} is no JSON`);
    }
  });
}

function reading(path, read) {
  try {
    return read();
  } catch (error) {
    return stop(`${path} cannot be read: ${error.message}`);
  }
}

function stop(message) {
  console.error(message);
  process.exit(2);
}
