import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StorageClass } from '../../src/resources/storage-classes/class.ts';
import { startTestLab, type TestLab } from '../support/test-lab.ts';

const CLASS = { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass' };

describe('classes that several keep', () => {
  let at: TestLab;
  beforeAll(async () => {
    at = await startTestLab(`
version: 1
cloud: { name: admin }
credential: { project: tenant-a }
storageClasses: { prefix: w-, include: [w-*], shareClients: [10.0.0.0/8] }
`);
  });
  afterAll(() => at.stop());

  const addType = async (name: string): Promise<string> => {
    const extraSpecs = { driver_handles_share_servers: 'False' };
    return (await (await at.manila()).createShareType({ name, isPublic: true, extraSpecs })).id;
  };
  const live = (name: string) => at.kube.get<StorageClass>({ ...CLASS, name });

  it('are the same for two syncs at once, and a person’s edit in between is not lost', async () => {
    for (let i = 0; i < 12; i++) await addType(`w-${i}`);
    const edit = (async () => {
      for (let i = 0; i < 12; i++) {
        const name = `w-w-${i}`;
        await at.until(name, () => live(name));
        await at.kube.mergePatch(
          { ...CLASS, name },
          { mountOptions: ['hard'], metadata: { annotations: { by: 'me' } } },
        );
      }
    })();
    const [one, two] = await Promise.all([at.run('storageclass', 'sync'), at.run('storageclass', 'sync'), edit]);
    expect(`${one.stdout}${two.stdout}`).not.toContain('replaced');
    const { items } = await at.kube.list<StorageClass>(CLASS);
    const own = items.filter(({ metadata }) => metadata.name.startsWith('w-'));
    expect(own.map(({ mountOptions, metadata }) => [mountOptions, metadata.annotations?.by])).toEqual(
      Array.from({ length: 12 }, () => [['hard'], 'me']),
    );
    const versions = own.map(({ metadata }) => metadata.resourceVersion);
    await at.run('storageclass', 'sync');
    const after = (await at.kube.list<StorageClass>(CLASS)).items.filter(({ metadata }) =>
      metadata.name.startsWith('w-'),
    );
    expect(after.map(({ metadata }) => metadata.resourceVersion)).toEqual(versions);
  });

  it.each([
    [['--watch', '--interval', '5'], '--interval: "5" is not a time'],
    [['--watch', '--metrics-address', 'x'], '--metrics-address: "x" is not HOST:PORT'],
    [['--watch', '--dry-run'], '--watch makes changes as they come'],
    [['--lease', 'x'], '--lease goes with --watch only'],
  ])('refuse %j (exit 2)', async (flags, message) => {
    const { code, stderr } = await at.cli('storageclass', 'sync', ...flags);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
