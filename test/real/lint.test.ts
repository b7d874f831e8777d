import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tempDir } from '../support/cli.ts';
import { CLASS_CASES, classOf, type LintCase, secretCases, secretOf } from '../support/lint-cases.ts';
import { describeReal } from '../support/real.ts';

/** How long the provisioner may take for all claims; it works on ten at once. */
const DEADLINE_MS = 90_000;

describeReal('the linter says what the driver says', (real) => {
  let dir: Awaited<ReturnType<typeof tempDir>>;
  const manifests = (): string => join(dir.path, 'all.json');
  const cli = (...argv: string[]) => real.cli(argv, { cwd: dir.path, env: { HOME: dir.path } });
  let cases: readonly (LintCase & { prefix: string })[];

  beforeAll(async () => {
    dir = await tempDir({
      'manila-rwx.yaml': 'version: 1\ncloud: { name: admin }\ncredential: { project: tenant-a }\n',
    });
    await real.cloud(
      'openstack',
      'share',
      'type',
      'create',
      'lint-gold',
      'false',
      '--extra-specs',
      'share_backend_name=ALPHA',
    );
    expect((await cli('install')).code).toBe(0);
    const authUrl = JSON.parse(
      await real.kubectl('-n', 'manila-csi', 'get', 'secret', 'manila-rwx-credential', '-o', 'json'),
    ) as { data: Record<string, string> };
    const keystone = Buffer.from(authUrl.data['os-authURL'] ?? '', 'base64').toString();
    const base = { type: 'lint-gold', clients: '10.0.0.0/8', namespace: 'manila-csi' };
    const secrets = secretCases(keystone).filter(({ likeAnother }) => !likeAnother);
    const classes = CLASS_CASES.filter(({ likeAnother }) => !likeAnother);
    cases = [
      ...classes.map((one) => ({ ...one, prefix: 'lint-c-' })),
      ...secrets.map((one) => ({ ...one, prefix: 'lint-s-' })),
    ];
    const items = [
      ...classes.map((one) => classOf(one, { ...base, name: 'lint-c-', secret: 'manila-rwx-credential' })),
      ...secrets.flatMap((one) => [
        secretOf(one, { name: 'lint-s-', namespace: 'manila-csi' }),
        classOf(
          { name: one.name, values: {}, findings: [] },
          { ...base, name: 'lint-s-', secret: `lint-s-${one.name}` },
        ),
      ]),
    ];
    const claims = cases.map(({ prefix, name }) => ({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: `${prefix}${name}`, namespace: 'default' },
      spec: {
        accessModes: ['ReadWriteMany'],
        storageClassName: `${prefix}${name}`,
        resources: { requests: { storage: '1Gi' } },
      },
    }));
    await writeFile(manifests(), JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [...items, ...claims] }));
    await real.kubectl('apply', '-f', manifests());
  });
  afterAll(async () => {
    await real.kubectl('delete', 'pvc', '--ignore-not-found', ...cases.map(({ prefix, name }) => `${prefix}${name}`));
    while ((await real.kubectl('get', 'pv', '-o', 'jsonpath={..claimRef.name}')).includes('lint-')) {
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    await real.kubectl('delete', '--ignore-not-found', '-f', manifests());
    // Shares whose access rules were refused: the driver gives up without taking them back.
    const left = JSON.parse(await real.cloud('openstack', 'share', 'list', '--all-projects', '-f', 'json')) as {
      ID: string;
      'Share Type Name': string;
    }[];
    const ids = left.filter((one) => one['Share Type Name'] === 'lint-gold').map(({ ID }) => ID);
    if (ids.length > 0) await real.cloud('openstack', 'share', 'delete', '--wait', ...ids);
    await cli('uninstall', '--yes');
    await real.cloud('openstack', 'share', 'type', 'delete', 'lint-gold');
    await dir[Symbol.asyncDispose]();
  });

  it('case by case: what is an error is refused in the words that are expected, what is none is bound', async () => {
    const report = (await cli('storageclass', 'lint', manifests(), '-o', 'json')).json() as {
      objects: { object: string; verdict: string }[];
    };
    const verdict = (one: { prefix: string; name: string }): string | undefined =>
      report.objects.find(({ object }) =>
        object.endsWith(one.prefix === 'lint-c-' ? ` lint-c-${one.name}` : `/lint-s-${one.name}`),
      )?.verdict;
    const said = await waitForAnswers();
    const expected = cases.map((one) => ({ name: one.name, refused: one.refused !== undefined }));
    const seen = cases.map((one) => ({ name: one.name, refused: said.get(`${one.prefix}${one.name}`) !== 'Bound' }));
    expect(seen).toEqual(expected);
    for (const one of cases) {
      if (one.refused) expect(said.get(`${one.prefix}${one.name}`), one.name).toMatch(one.refused);
      // A typo and a value that is open to all are bound all the same: they are what nobody would see without the linter.
      if (one.refused) expect(verdict(one), one.name).toBe('error');
      else
        expect(verdict(one), one.name).toBe(one.name === 'typo' ? 'error' : one.findings.length > 0 ? 'warning' : 'ok');
    }
  });

  /** By claim: `Bound`, or what its newest event of a failure says. */
  async function waitForAnswers(): Promise<Map<string, string>> {
    for (const end = Date.now() + DEADLINE_MS; ;) {
      const said = new Map<string, string>();
      const events = JSON.parse(
        await real.kubectl(
          '-n',
          'default',
          'get',
          'events',
          '--field-selector',
          'reason=ProvisioningFailed',
          '-o',
          'json',
        ),
      ) as { items: { involvedObject: { name: string }; message: string }[] };
      for (const { involvedObject, message } of events.items) {
        // The provisioner may look for the class before its list has it, and the class before its Secret.
        if (!/not found$/.test(message)) said.set(involvedObject.name, message);
      }
      const claims = JSON.parse(await real.kubectl('-n', 'default', 'get', 'pvc', '-o', 'json')) as {
        items: { metadata: { name: string }; status: { phase: string } }[];
      };
      for (const { metadata, status } of claims.items) if (status.phase === 'Bound') said.set(metadata.name, 'Bound');
      if (cases.every(({ prefix, name }) => said.has(`${prefix}${name}`)) || Date.now() > end) return said;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
});
