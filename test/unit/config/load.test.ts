import { describe, expect, it } from 'vitest';
import { loadConfig, requireConfig } from '../../../src/config/load.ts';
import { CliError } from '../../../src/core/errors.ts';
import { tempDir } from '../../support/cli.ts';
import { testContext } from '../../support/context.ts';

async function load(text: string) {
  await using dir = await tempDir({ 'manila-rwx.yaml': text });
  return await loadConfig(testContext({ cwd: dir.path }));
}

async function failure(text: string): Promise<CliError> {
  const error: unknown = await load(text).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(CliError);
  return error as CliError;
}

describe('manila-rwx.yaml', () => {
  it('fills in what is left out', async () => {
    const { config, path } = await load('version: 1\nshareTypes:\n  - name: gold\n');
    expect(path).toBe('manila-rwx.yaml');
    expect(config.cluster.namespace).toBe('manila-csi');
    expect(config.shareTypes).toEqual([
      { name: 'gold', protocol: 'NFS', driverHandlesShareServers: false, extraSpecs: {}, access: 'public' },
    ]);
    expect(config.tenants).toEqual([]);
    expect(config.storageClasses).toEqual({
      userEdits: 'keep',
      prefix: 'csi-manila-',
      include: ['*'],
      exclude: [],
      overrides: {},
    });
  });

  it('has the defaults that the schema documents', async () => {
    const { default: schema } = await import('../../../schemas/manila-rwx.schema.json', { with: { type: 'json' } });
    const { config } = await load('version: 1\n');
    const documented: Record<string, unknown> = {};
    const definitions = schema.definitions as Record<string, { properties?: object }>;
    for (const [section, { $ref }] of Object.entries(schema.properties as Record<string, { $ref?: string }>))
      for (const [key, value] of Object.entries(definitions[$ref?.split('/').at(-1) ?? '']?.properties ?? {}))
        if ('default' in (value as object)) documented[`${section}.${key}`] = (value as { default: unknown }).default;
    expect(Object.keys(documented).length).toBeGreaterThan(5);
    for (const [name, value] of Object.entries(documented)) {
      const [section = '', key = ''] = name.split('.');
      expect((config as unknown as Record<string, Record<string, unknown>>)[section]?.[key], name).toEqual(value);
    }
  });

  it('names line, column and the nearest key for each fault, all at once', async () => {
    const error = await failure(
      ['version: 1', 'shareTypes:', '  - name: gold', '    extraSpec: {}', '  - description: x', 'quota: []'].join(
        '\n',
      ),
    );
    expect(error.exitCode).toBe(2);
    expect(error.message).toContain('3 faults');
    expect(error.message).toContain(
      'manila-rwx.yaml:4:5: unknown key "extraSpec" in shareTypes[0] (did you mean "extraSpecs"?)',
    );
    expect(error.message).toContain('manila-rwx.yaml:5:5: shareTypes[1] lacks "name"');
    expect(error.message).toContain('manila-rwx.yaml:6:1: unknown key "quota" (did you mean "quotas"?)');
  });

  it.each([
    ['version: 2\n', /:1:10: the file is of version 2, and manila-rwx [\d.]+ knows version 1/],
    ['{}\n', /the file lacks "version"/],
    ['', /the file lacks "version"/],
    ['- a\n', /the file must be a mapping/],
    ['version: 1\ndrivers: { replicas: 0 }\n', /:2:22: drivers\.replicas must be >= 1: 0/],
    ['version: 1\ncluster: { namespace: Prod_1 }\n', /cluster\.namespace must match pattern/],
    ['version: 1\nquotas: [{ project: a, shares: -2 }]\n', /:2:32: quotas\[0\]\.shares must be >= -1: -2/],
    ['version: 1\nquotas: [{ project: a, shares: "5" }]\n', /shares must be a whole number, not "5"/],
    [
      'version: 1\nshareTypes: [{name: Gold}, {name: gold}]\n',
      /share type "gold" is there twice \(first at manila-rwx.yaml:2:21/,
    ],
    ['version: 1\ntenants: [{ namespace: a }]\n', /:2:24: tenant a lacks "project" or "cloud"/],
    ['version: 1\ntenants: [{ namespace: A, project: p }]\n', /tenants\[0\]\.namespace must match pattern/],
    ['version: 1\ntenants: [{ namespace: a, project: p, cloud: c }]\n', /:2:46: tenant a names both a cloud/],
    [
      'version: 1\ncluster: { namespace: rwx }\ntenants: [{ namespace: rwx, project: p }]\n',
      /:3:24: rwx is the drivers' own namespace/,
    ],
    [
      'version: 1\ntenants: [{ namespace: a, project: p }, { namespace: a, project: q }]\n',
      /:2:54: tenant a is there twice \(first at manila-rwx.yaml:2:24\)/,
    ],
    [
      'version: 1\ntenants: [{ namespace: a, project: p, user: u }, { namespace: b, project: p, user: u }]\n',
      /user "u" is there twice/,
    ],
    [
      'version: 1\ndrivers: { protocols: [CIFS] }\n',
      /:2:24: drivers\.protocols\[0\] must be one of NFS, CEPHFS, not "CIFS"/,
    ],
  ])('refuses %j', async (text, message) => {
    expect((await failure(text)).message).toMatch(message);
  });

  it('tells the place of a YAML error', async () => {
    const error = await failure('version: 1\nshareTypes:\n\t- name: gold\n');
    expect(error).toMatchObject({ code: 'config-syntax', exitCode: 2 });
    expect(error.message).toMatch(/^manila-rwx\.yaml:3:1: /);
    expect(error.message).not.toContain('\n');
  });

  it('works without a file, unless the command needs one', async () => {
    await using dir = await tempDir();
    const ctx = testContext({ cwd: dir.path });
    expect((await loadConfig(ctx)).path).toBeUndefined();
    await expect(requireConfig(ctx)).rejects.toMatchObject({ code: 'config-missing', exitCode: 2 });
    await expect(loadConfig(testContext({ cwd: dir.path, global: { file: 'no.yaml' } }))).rejects.toMatchObject({
      code: 'config-missing',
    });
  });

  it('finds the place of a value for later messages', async () => {
    const { where } = await load('version: 1\nquotas:\n  - project: a\n    shares: 5\n');
    expect(where(['quotas', 0, 'shares'])).toBe('manila-rwx.yaml:4:13');
    expect(where(['quotas', 0, 'gigabytes'])).toBe('manila-rwx.yaml:3:5');
  });
});
