import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Recorder } from '../../../src/lab/recorder.ts';

const get = { service: 'manila', method: 'GET', template: '/v2/types', status: 200 };
const post = { service: 'manila', method: 'POST', template: '/v2/types', status: 409 };

it('keeps requests in order, and counts the distinct ones', () => {
  const recorder = new Recorder();
  recorder.record(post);
  const mark = recorder.entries().length;
  recorder.record(get);
  recorder.record(post);
  expect(recorder.entries()).toEqual([post, get, post]);
  expect(recorder.since(mark)).toEqual([get, post]);
  expect(recorder.summary()).toEqual([
    { ...get, count: 1 },
    { ...post, count: 2 },
  ]);
  recorder.clear();
  expect(recorder.entries()).toEqual([]);
});

it('appends each distinct request to a file once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'recorder-'));
  try {
    const file = join(folder, 'seen.jsonl');
    for (const recorder of [new Recorder({ file }), new Recorder({ file })]) {
      recorder.record(get);
      recorder.record(get);
      recorder.record(post);
    }
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual([get, post, get, post]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
