import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { type CliResult, runCli, tempDir } from '../support/cli.ts';

const FILE = 'version: 1\ndrivers: { protocols: [NFS, CEPHFS], snapshots: install }\n';

/** With a cluster id nothing is asked of any server: there is none. */
async function render(argv: string[], cwd: string): Promise<CliResult> {
  return runCli(['render', '--cluster-id', 'c0ffee', ...argv], { cwd, env: { KUBECONFIG: '/nonexistent' } });
}

describe('render', () => {
  it('is the same bytes each time, with nothing secret, and the namespace first', async () => {
    await using dir = await tempDir({ 'manila-rwx.yaml': FILE });
    const [once, again] = [await render([], dir.path), await render([], dir.path)];
    expect(once.code, once.stderr).toBe(0);
    expect(again.stdout).toBe(once.stdout);
    const objects = parseAllDocuments(once.stdout).map((one) => one.toJS() as { kind: string });
    expect(objects[0]?.kind).toBe('Namespace');
    expect(objects.map(({ kind }) => kind)).not.toContain('Secret');
    expect(objects.filter(({ kind }) => kind === 'DaemonSet')).toHaveLength(2);
    expect(objects.filter(({ kind }) => kind === 'CustomResourceDefinition')).toHaveLength(3);
    expect(once.stdout).toContain('--cluster-id=c0ffee');
    // Anchors and aliases are not known to everything that reads manifests.
    expect(once.stdout).not.toMatch(/^\s*\S+: [&*]\w/m);
  });

  it('writes a file for each object, and a kustomization that names them all', async () => {
    await using dir = await tempDir({ 'manila-rwx.yaml': FILE });
    const done = await render(['--to', 'out', '-n', 'storage'], dir.path);
    expect(done.code, done.stderr).toBe(0);
    const names = await readdir(join(dir.path, 'out'));
    const text = await readFile(join(dir.path, 'out', 'kustomization.yaml'), 'utf8');
    const { resources } = parse(text) as { resources: string[] };
    expect([...resources, 'kustomization.yaml'].sort()).toEqual(names.sort());
    expect(new Set(resources).size).toBe(resources.length);
    expect(names).toContain('daemonset-manila-csi-nfs-node.yaml');
    expect(await readFile(join(dir.path, 'out', 'namespace-storage.yaml'), 'utf8')).toContain('name: storage');
  });

  it('lists the images, from the registry that is named', async () => {
    await using dir = await tempDir({ 'manila-rwx.yaml': FILE });
    const done = await render(['--list-images', '--registry', 'mirror.example.com/csi', '-o', 'json'], dir.path);
    const { images } = done.json() as { images: { image: string }[] };
    expect(images).toHaveLength(9);
    expect(images.filter(({ image }) => !image.startsWith('mirror.example.com/csi/'))).toEqual([]);
    const older = await render(['--list-images', '--driver-version', '1.35.0'], dir.path);
    expect(older.stdout).toContain('quay.io/cephcsi/cephcsi:v3.16.0');
    const unknown = await render(['--driver-version', '3.17.0'], dir.path);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toMatch(/versions of Manila CSI that are: 1\.36\.0, 1\.35\.0/);
  });

  it('prints values for the charts of upstream', async () => {
    await using dir = await tempDir({ 'manila-rwx.yaml': FILE });
    const done = await render(['--format', 'helm-values', '--registry', 'mirror.example.com/csi'], dir.path);
    const [manila, nfs] = parseAllDocuments(done.stdout).map((one) => one.toJS() as object);
    expect(manila).toMatchObject({
      shareProtocols: [{ protocolSelector: 'NFS' }, { protocolSelector: 'CEPHFS', fsGroupPolicy: 'None' }],
      csimanila: { clusterID: 'c0ffee', image: { repository: 'mirror.example.com/csi/provider-os/manila-csi-plugin' } },
    });
    expect(nfs).toMatchObject({
      image: { baseRepo: 'mirror.example.com', nfs: { repository: '/csi/sig-storage/nfsplugin', tag: 'v4.13.4' } },
    });
  });

  it('says in one sentence that it cannot write', async () => {
    await using dir = await tempDir({ 'manila-rwx.yaml': FILE, taken: '' });
    const done = await render(['--to', 'taken/below'], dir.path);
    expect(done.code).toBe(3);
    expect(done.stderr).toMatch(/^error: the manifests cannot be written: ENOTDIR/);
  });
});
