import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const SCRIPT = join(import.meta.dirname, '../../../scripts/contract-gap.mjs');
const get = { service: 'manila', method: 'GET', template: '/v2/types', status: 200 };
let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'contract-gap-'));
});

afterAll(() => {
  rmSync(root, { recursive: true });
});

/** A folder of records: `{ 'asserted/a.jsonl': [...], 'seen/b.jsonl': [...] }`. */
function records(files: Record<string, object[] | string>): string {
  const folder = mkdtempSync(join(root, 'run-'));
  for (const [name, requests] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    const lines = typeof requests === 'string' ? [requests] : requests.map((request) => JSON.stringify(request));
    writeFileSync(join(folder, name), lines.map((line) => `${line}\n`).join(''));
  }
  return folder;
}

function compare(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

it('is content where the contract meets every answer that was seen, faults on purpose and cut connections aside', () => {
  const folder = records({
    'asserted/a.jsonl': [get],
    'asserted/b.jsonl': [{ ...get, status: 403 }],
    'seen/c.jsonl': [get, { ...get, status: 503, faulty: true }, { ...get, method: 'POST', status: 0 }],
  });
  expect(compare(folder)).toMatchObject({ status: 0, stdout: 'no gap: 2 kinds of answers are asserted\n' });
});

it('names each answer that the contract does not meet, who saw it, and where it is to be asserted', () => {
  const watch = { service: 'kubernetes', method: 'GET', template: '/api/v1/pods#watch', status: 200 };
  const folder = records({
    'asserted/a.jsonl': [get],
    'seen/cli.one.test.ts.jsonl': [get, { ...get, status: 404 }, watch],
    'seen/cli.two.test.ts.jsonl': [{ ...get, status: 404 }],
  });
  const { status, stdout } = compare(folder);
  expect(status).toBe(1);
  expect(stdout.split('\n').slice(0, 5)).toEqual([
    'not in the contract: kubernetes GET /api/v1/pods#watch 200',
    '    seen in cli.one.test.ts; assert it in test/contract/kubernetes/watches.ts',
    'not in the contract: manila GET /v2/types 404',
    '    seen in cli.one.test.ts, cli.two.test.ts; assert it in test/contract/openstack/share-types.ts',
    '',
  ]);
  expect(stdout).toContain('2 kinds of answers have no assertion.');
});

it('proves nothing by records that are missing, empty or broken', () => {
  expect(compare()).toMatchObject({ status: 2, stderr: 'usage: contract-gap.mjs FOLDER\n' });
  const none = records({ 'asserted/a.jsonl': [get] });
  expect(compare(none)).toMatchObject({
    status: 2,
    stderr: expect.stringContaining(`${none}/seen cannot be read`) as string,
  });
  const empty = records({ 'asserted/a.jsonl': [], 'seen/b.jsonl': [get] });
  expect(compare(empty)).toMatchObject({ status: 2, stderr: `${empty}/asserted has no requests in it\n` });
  const broken = records({ 'asserted/a.jsonl': [get], 'seen/b.jsonl': '{}\n{' });
  expect(compare(broken)).toMatchObject({ status: 2, stderr: `${broken}/seen/b.jsonl line 2 is no JSON\n` });
});
