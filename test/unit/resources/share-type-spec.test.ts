import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/load.ts';
import { Findings } from '../../../src/reconcile/findings.ts';
import { sameSpec, wantedShareTypes } from '../../../src/resources/share-type-spec.ts';
import { tempDir } from '../../support/cli.ts';
import { testContext } from '../../support/context.ts';

async function wanted(shareTypes: string) {
  await using dir = await tempDir({ 'manila-rwx.yaml': `version: 1\nshareTypes:\n${shareTypes}` });
  const findings = new Findings();
  const types = wantedShareTypes(await loadConfig(testContext({ cwd: dir.path })), findings);
  findings.throwIfRefused();
  return types;
}

describe('a share type of the file', () => {
  it('becomes extra specs in Manila’s words', async () => {
    const [type] = await wanted(`
  - name: gold
    driverHandlesShareServers: true
    snapshots: { create: true, restore: true, revert: false, mount: false }
    extraSpecs: { share_backend_name: ALPHA, dedupe: true, "provisioning:max_share_size": 100, thin: "<is> True" }
    access: [tenant-a]
`);
    expect(type).toEqual({
      index: 0,
      name: 'gold',
      description: undefined,
      protocol: 'NFS',
      isPublic: false,
      projects: ['tenant-a'],
      extraSpecs: {
        driver_handles_share_servers: 'True',
        snapshot_support: 'True',
        create_share_from_snapshot_support: 'True',
        revert_to_snapshot_support: 'False',
        mount_snapshot_support: 'False',
        share_backend_name: 'ALPHA',
        dedupe: 'True',
        'provisioning:max_share_size': '100',
        thin: '<is> True',
      },
      without: [],
    });
  });

  it('may say one thing twice, but not two things', async () => {
    const twice = '  - { name: a, snapshots: { create: true }, extraSpecs: { snapshot_support: "<is> True" } }';
    expect((await wanted(twice))[0]?.extraSpecs.snapshot_support).toBe('True');
    await expect(wanted(twice.replace('<is> True', 'no'))).rejects.toThrow(
      'manila-rwx.yaml:3:77: share type "a": snapshot_support is no here and True by snapshots.create; say it once',
    );
  });

  it.each([
    ['"b ad": x', 'b ad is no name of an extra spec'],
    ['x.json: x', 'x.json could never be read or removed'],
    ['x: ""', 'x must have 1 to 255 characters'],
    [`x: ${'y'.repeat(256)}`, 'x must have 1 to 255 characters'],
    ['snapshot_support: maybe', 'snapshot_support must be true or false, not maybe'],
    ['driver_handles_share_servers: "<is> False"', 'driver_handles_share_servers must be true or false without <is>'],
    ['replication_type: write', 'replication_type must be writable, readable or dr, not write'],
    ['availability_zones: "a,,b"', 'availability_zones has an empty name'],
    ['"provisioning:max_share_size": 0', 'provisioning:max_share_size must be a whole number of GiB, not 0'],
  ])('with %s is refused before anything is sent', async (spec, message) => {
    const failure = expect(wanted(`  - { name: a, extraSpecs: { ${spec} } }`)).rejects;
    await failure.toMatchObject({ code: 'config-invalid', exitCode: 2 });
    await failure.toThrow(message);
  });

  it('has all its faults told at once', async () => {
    const failure = wanted(
      '  - { name: a, extraSpecs: { replication_type: x, y: "" } }\n  - { name: b, extraSpecs: { z: "" } }',
    );
    await expect(failure).rejects.toThrow(/3:48: .*\n.*3:54: .*\n.*4:33: /);
  });
});

describe('the same extra spec', () => {
  it.each([
    ['dedupe', 'True', 'true'],
    ['dedupe', 'True', '1'],
    ['dedupe', '<is> False', 'no'],
    ['snapshot_support', '1', 'True'],
    ['share_backend_name', 'ALPHA', ' ALPHA '],
    ['availability_zones', 'a, b', 'b,a'],
  ])('%s: %j and %j', (key, a, b) => expect(sameSpec(key, a, b)).toBe(true));

  it.each([
    ['dedupe', 'True', 'False'],
    ['share_backend_name', 'ALPHA', 'alpha'],
    ['provisioning:max_share_size', '1', 'True'],
    ['level', '1', 'yes'],
    ['availability_zones', 'a,b', 'a'],
    ['x', 'True', ''],
  ])('not %s: %j and %j', (key, a, b) => expect(sameSpec(key, a, b)).toBe(false));
});
