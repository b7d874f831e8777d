import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Interrupted } from '../../src/core/errors.ts';
import type { KubeObject } from '../../src/kube/types.ts';
import { type CliOptions, runCli, tempDir } from '../support/cli.ts';
import { fakeClock } from '../support/context.ts';
import { KubeServer, statusAnswer } from '../support/kube-server.ts';

let kube: KubeServer;
let folder: Awaited<ReturnType<typeof tempDir>>;
beforeEach(async () => {
  kube = await KubeServer.start();
  folder = await tempDir({ kc: kube.kubeconfig({ namespace: 'apps' }) });
});
afterEach(async () => {
  await kube[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const DRIVER = 'nfs.manila.csi.openstack.org';
const addClass = (name: string, extra: object = {}, annotations: Record<string, string> = {}): KubeObject =>
  kube.put({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name, annotations },
    provisioner: DRIVER,
    volumeBindingMode: 'Immediate',
    ...extra,
  });

const run = (argv: string[], options: CliOptions = {}) =>
  runCli(['pvc', 'create', ...argv], {
    cwd: folder.path,
    clock: fakeClock(),
    ...options,
    env: { KUBECONFIG: join(folder.path, 'kc') },
  });

const claim = (name: string, namespace = 'apps') =>
  kube.find({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace });

/** Plays the provisioner: binds the claim at the given look at it. */
function bindAtLook(look: number, capacity = '1Gi'): void {
  let looks = 0;
  kube.faults.push(({ method, path }) => {
    if (method !== 'GET' || !path.endsWith('/persistentvolumeclaims/data')) return undefined;
    if (++looks < look) return undefined;
    kube.faults.pop();
    kube.store.mergePatch(
      'v1 persistentvolumeclaims',
      'data',
      'apps',
      {
        spec: { volumeName: 'pv-1' },
        status: { phase: 'Bound', capacity: { storage: capacity } },
      },
      false,
    );
    kube.put({
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: 'pv-1' },
      spec: { csi: { driver: DRIVER, volumeHandle: 'share-1' } },
    });
    return undefined;
  });
}

function addEvent(name: string, type: string, reason: string, message: string, time: string): void {
  kube.put({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace: 'apps' },
    involvedObject: { uid: claim('data')?.metadata.uid },
    type,
    reason,
    message,
    lastTimestamp: time,
  });
}

describe('pvc create', () => {
  it('makes a claim of the only class, waits, and names volume and share', async () => {
    addClass('csi-manila-gold');
    bindAtLook(3);
    const { code, json, stderr } = await run(['data', '-o', 'json']);
    expect(code).toBe(0);
    expect(json()).toEqual({
      schema: 'manila-rwx/claim/v1',
      name: 'data',
      namespace: 'apps',
      action: 'create',
      dryRun: 'none',
      storageClass: 'csi-manila-gold',
      size: '1Gi',
      accessModes: ['ReadWriteMany'],
      phase: 'Bound',
      capacity: '1Gi',
      volume: 'pv-1',
      shareId: 'share-1',
    });
    expect(claim('data')).toMatchObject({
      metadata: { labels: { 'app.kubernetes.io/managed-by': 'manila-rwx' } },
      spec: {
        accessModes: ['ReadWriteMany'],
        storageClassName: 'csi-manila-gold',
        resources: { requests: { storage: '1Gi' } },
      },
    });
    expect(stderr).toContain('no provisioner has taken it up yet');
    const writes = kube.writes().length;
    expect((await run(['data'])).code).toBe(0);
    expect(kube.writes()).toHaveLength(writes);
  });

  it('says why it waits, and the last reason when time runs out (exit 4)', async () => {
    addClass('csi-manila-gold');
    await run(['data', '--no-wait']);
    addEvent('new', 'Normal', 'ExternalProvisioning', 'waiting for a volume', '2026-01-01T00:00:09Z');
    addEvent(
      'old',
      'Warning',
      'ProvisioningFailed',
      'rpc error: code = Internal\ndesc = quota',
      '2026-01-01T00:00:05Z',
    );
    const { code, stderr, json } = await run(['data', '--timeout', '5s', '-o', 'json']);
    expect(code).toBe(4);
    const reason = 'ProvisioningFailed: rpc error: code = Internal desc = quota';
    expect(stderr).toContain(`... claim apps/data to be bound with 1Gi: ${reason}`);
    expect(stderr).toContain('  manila-rwx pvc diagnose data -n apps');
    expect(json()).toMatchObject({
      schema: 'manila-rwx/claim/v1',
      phase: 'Pending',
      error: { code: 'timed-out', exitCode: 4, message: expect.stringContaining(reason) as string },
    });
  });

  it('waits for the new size of a claim that was made larger', async () => {
    addClass('csi-manila-gold');
    bindAtLook(2);
    await run(['data']);
    bindAtLook(4, '2Gi');
    const { code, json } = await run(['data', '--size', '2Gi', '-o', 'json']);
    expect(code).toBe(0);
    expect(json()).toMatchObject({ action: 'update', size: '2Gi', capacity: '2Gi' });
  });

  it('does not wait for a class that waits for a pod, nor with --no-wait', async () => {
    addClass('late', { volumeBindingMode: 'WaitForFirstConsumer' });
    const late = await run(['data']);
    expect(late.code).toBe(0);
    expect(late.stderr).toContain('StorageClass late binds a claim when the first pod uses it; not waiting for that');
    const { code, stdout } = await run(['other', '--no-wait', '-n', 'elsewhere', '-o', 'name']);
    expect(code).toBe(0);
    expect(stdout).toBe('persistentvolumeclaim/elsewhere/other\n');
    expect(claim('other', 'elsewhere')).toBeDefined();
  });

  it('tells a claim that lost its volume, and one that was deleted', async () => {
    addClass('csi-manila-gold');
    await run(['data', '--no-wait']);
    kube.store.mergePatch('v1 persistentvolumeclaims', 'data', 'apps', { status: { phase: 'Lost' } }, false);
    const lost = await run(['data']);
    expect(lost.code).toBe(3);
    expect(lost.stderr).toContain('claim apps/data has lost its volume');
    let looks = 0;
    kube.faults.push(({ method, path }) => {
      if (method === 'GET' && path.endsWith('/data') && ++looks === 2) {
        kube.store.delete('v1 persistentvolumeclaims', 'data', { namespace: 'apps' });
      }
      return undefined;
    });
    expect((await run(['data'])).stderr).toContain('claim apps/data was deleted while it was waited for');
  });

  it('chooses the default class of the driver, and asks where it cannot tell (exit 2)', async () => {
    expect((await run(['data'])).stderr).toContain('make them: manila-rwx storageclass sync');
    addClass('a');
    addClass('b');
    addClass('cinder', { provisioner: 'cinder' });
    const several = await run(['data']);
    expect(several.code).toBe(2);
    expect(several.stderr).toContain('choose with --storage-class: a, b');
    addClass('b', {}, { 'storageclass.kubernetes.io/is-default-class': 'true' });
    expect((await run(['data', '--no-wait', '-o', 'json'])).json()).toMatchObject({ storageClass: 'b' });
    const unknown = await run(['data', '--storage-class', 'aa']);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('there is no StorageClass "aa" (did you mean "a"?)');
    expect(unknown.stderr).toContain('classes of the driver: a, b');
  });

  it.each([
    [['data', '--size', '0'], '--size "0" is no size'],
    [['data', '--size', '10GB'], '--size "10GB" is no size'],
    [['data', '--access-mode', 'RWX'], 'Allowed choices are ReadWriteMany'],
    [[], "missing required argument 'name'"],
  ])('refuses %j (exit 2)', async (argv, message) => {
    addClass('csi-manila-gold');
    const { code, stderr } = await run(argv);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(kube.writes()).toEqual([]);
  });

  it('does not take over somebody else’s claim (exit 3)', async () => {
    addClass('csi-manila-gold');
    kube.put(
      {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'data', namespace: 'apps' },
        spec: { volumeName: 'x' },
      },
      'argo',
    );
    const { code, stderr } = await run(['data']);
    expect(code).toBe(3);
    expect(stderr).toContain('PersistentVolumeClaim apps/data (made by argo) exists and is not managed by manila-rwx');
  });

  it('says what to do where there is no namespace (exit 3)', async () => {
    addClass('csi-manila-gold');
    kube.faults.push(({ method }) =>
      method === 'PATCH' ? statusAnswer(404, 'NotFound', 'namespaces "apps" not found') : undefined,
    );
    const { code, stderr } = await run(['data']);
    expect(code).toBe(3);
    expect(stderr).toContain('there is no namespace "apps"\n  make it (kubectl create namespace apps)');
  });

  it('stops at Ctrl-C with 130 and leaves the claim, which was asked for', async () => {
    addClass('csi-manila-gold');
    const soft = new AbortController();
    kube.faults.push(({ path }) => {
      if (path.endsWith('/events')) soft.abort(new Interrupted('SIGINT'));
      return undefined;
    });
    const { code } = await run(['data'], { interrupts: { soft: soft.signal, hard: new AbortController().signal } });
    expect(code).toBe(130);
    expect(claim('data')).toBeDefined();
  });

  it('ends 2 without a kubeconfig and 3 without a cluster', async () => {
    const none = await runCli(['pvc', 'create', 'data'], { home: folder.path });
    expect(none.code).toBe(2);
    expect(none.stderr).toContain('there is no kubeconfig');
    await writeFile(join(folder.path, 'kc'), kube.kubeconfig({ cluster: { server: 'https://127.0.0.1:1' } }));
    const down = await run(['data']);
    expect(down.code).toBe(3);
    expect(down.stderr).toContain('cannot reach the API server https://127.0.0.1:1 of context "test"');
  });
});
