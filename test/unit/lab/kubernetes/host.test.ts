import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hostOf } from '../../../../src/lab/kubernetes/kubelet/host.ts';
import { tempDir } from '../../../support/cli.ts';

it('leaves a machine with /proc as it is', async () => {
  await using dir = await tempDir({ uptime: '12.34 5.67\n' });
  expect(await hostOf(join(dir.path, 'bin'), join(dir.path, 'uptime'))).toMatchObject({ clock: '' });
  expect(readdirSync(dir.path)).toEqual(['uptime']);
});

it('gives a machine without /proc a clock and the programs of the image', async () => {
  await using dir = await tempDir({ empty: '' });
  const { path, clock } = await hostOf(join(dir.path, 'bin'), join(dir.path, 'none'));
  const sh = (script: string): string =>
    execFileSync('/bin/sh', ['-c', script], { env: { PATH: path, CLOCK: clock }, encoding: 'utf8', cwd: dir.path });
  const [before, after] = sh('$CLOCK; echo; sleep 0.05; $CLOCK').split('\n').map(Number);
  expect((after ?? 0) - (before ?? 0)).toBeGreaterThan(0.04);
  const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  expect(sh('sha256sum empty; sha256sum <empty')).toBe(`${empty}  empty\n${empty}  -\n`);
  expect(sh('command -v stat')).toBe(`${join(dir.path, 'bin', 'stat')}\n`);
});
