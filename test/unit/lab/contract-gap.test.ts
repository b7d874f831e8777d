import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const SCRIPT = join(import.meta.dirname, '../../../scripts/contract-gap.mjs');
const get = { service: 'manila', method: 'GET', template: '/v2/types', status: 200 };
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'contract-gap-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, ...requests: object[]): string {
  const path = join(folder, name);
  writeFileSync(path, requests.map((request) => `${JSON.stringify(request)}\n`).join(''));
  return path;
}

function compare(...files: string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, ...files], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

it('is content where the contract meets every answer that was seen, faults on purpose aside', () => {
  const asserted = file('asserted', get, { ...get, status: 403 });
  const seen = file('seen', get, { ...get, status: 503, faulty: true });
  expect(compare(asserted, seen)).toMatchObject({ status: 0, stdout: 'no gap: 2 kinds of answers are asserted\n' });
});

it('names each answer that the contract does not meet', () => {
  const other = file('other', { ...get, method: 'POST' });
  const more = file('more', get, { ...get, status: 404 });
  const { status, stdout } = compare(file('asserted', get), more, other);
  expect(status).toBe(1);
  expect(stdout.split('\n')).toEqual([
    `not in the contract: manila GET /v2/types 404 (${more})`,
    `not in the contract: manila POST /v2/types 200 (${other})`,
    '',
  ]);
});

it('compares only the services that are named, if any are', () => {
  const asserted = file('asserted', get);
  const seen = file('seen', get, { ...get, service: 'kubernetes', status: 409 });
  expect(compare('--only', 'keystone,manila', asserted, seen).status).toBe(0);
  expect(compare(asserted, seen).status).toBe(1);
  expect(compare('--only', 'nova', asserted, seen)).toMatchObject({ status: 2, stderr: 'nothing was seen of nova\n' });
});

it('proves nothing by records that are missing, empty or broken', () => {
  const asserted = file('asserted', get);
  expect(compare(asserted)).toMatchObject({
    status: 2,
    stderr: 'usage: contract-gap.mjs [--only SERVICE,...] ASSERTED SEEN...\n',
  });
  expect(compare(asserted, join(folder, 'none'))).toMatchObject({ status: 2 });
  expect(compare(asserted, file('empty'))).toMatchObject({ status: 2, stderr: `${join(folder, 'empty')} is empty\n` });
  writeFileSync(join(folder, 'broken'), '{}\n{');
  expect(compare(asserted, join(folder, 'broken'))).toMatchObject({
    status: 2,
    stderr: `${join(folder, 'broken')} line 2 is no JSON\n`,
  });
});
