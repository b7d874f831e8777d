import type { Context } from '../core/context.ts';
import type { KubeClient, KubeObject } from '../kube/types.ts';
import type { CredentialProof } from '../resources/credential-proof.ts';
import { DEFAULT_IMAGE } from './pods.ts';
import { runVerify } from './run.ts';
import { isManilaDriver } from '../drivers/names.ts';
import { type StorageClass } from './storage-class.ts';
import type { CheckResult } from './types.ts';

/** Whose credential is tried. */
export interface CanaryOptions {
  /** Name and namespace of the Secret that the claim's class must lead to. */
  secret: { name: string; namespace: string };
  /** Namespace of the claim; one of its own, made and deleted with it, where undefined. */
  namespace: string | undefined;
  /** Image of the pod, with a shell. */
  image?: string | undefined;
}

interface CsiNode extends KubeObject {
  spec: { drivers?: { name: string }[] | null };
}

/** Made, mounted and deleted. */
const CHECKS = ['A1', 'A3', 'D6a'];
const SIZE = '1Gi';

/** What a full quota has to do with a credential: Manila has taken it, else it would not have looked at the quota. */
const FULL = /exceeded quota|quota-exceeded/;

/**
 * Makes a claim of a class that leads to the Secret, mounts it in a pod and deletes both. Where there is no such
 * class, no node with the driver or no room for a claim, nothing can be tried, and the answer says why.
 */
export async function tryByClaim(ctx: Context, kube: KubeClient, options: CanaryOptions): Promise<CredentialProof> {
  const { secret, namespace } = options;
  const [classes, nodes, place] = await Promise.all([
    kube.list<StorageClass>({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass' }),
    kube.list<CsiNode>({ apiVersion: 'storage.k8s.io/v1', kind: 'CSINode' }),
    namespace === undefined ? undefined : kube.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace }),
  ]);
  const registered = new Set(nodes.items.flatMap(({ spec }) => (spec.drivers ?? []).map(({ name }) => name)));
  const fitting = classes.items.filter((one) => leadsTo(one, secret, namespace));
  const [storageClass] = fitting.filter(({ provisioner }) => registered.has(provisioner));
  if (fitting.length === 0) return { skipped: `no StorageClass names Secret ${secret.namespace}/${secret.name}` };
  if (!storageClass) return { skipped: 'the driver is on no node yet' };
  if (namespace !== undefined && (!place || place.metadata.deletionTimestamp !== undefined)) {
    return { skipped: `there is no namespace ${namespace} for a claim` };
  }
  const input = {
    storageClass: storageClass.metadata.name,
    nodes: { kind: 'count', count: 1 } as const,
    requireNodes: 1,
    size: SIZE,
    image: options.image ?? DEFAULT_IMAGE,
    selection: { only: CHECKS },
    keep: false,
  };
  const inPlace: Context = { ...ctx, global: withNamespace(ctx.global, namespace) };
  const report = await runVerify(inPlace, kube, Promise.resolve('Manila is not asked'), input);
  const { leftovers } = report;
  if (leftovers.length > 0) {
    const what = leftovers.map(({ kind, name }) => `${kind} ${name}`).join(', ');
    ctx.io.warn(`left behind: ${what}; remove it with: manila-rwx verify --cleanup-only ${report.run}`);
  }
  ctx.signal.throwIfAborted();
  const bad = report.checks.find(({ status }) => status === 'FAIL' || status === 'ERROR');
  if (bad) return verdictOn(bad, leftovers.length > 0);
  const seconds = (ms: number): number => Math.round(ms / 100) / 10;
  return {
    canary: {
      storageClass: storageClass.metadata.name,
      namespace: report.namespace,
      node: report.nodes[0] ?? '',
      boundSeconds: seconds(report.timings.claimMs),
      deletedSeconds: seconds(report.timings.deleteMs),
    },
  };
}

/** An ERROR (no image, no right to make a namespace) says nothing about volumes, and so nothing about the credential. */
function verdictOn({ status, code, title, summary, remedy }: CheckResult, leftBehind: boolean): CredentialProof {
  if (FULL.test(`${code ?? ''} ${summary}`)) return { skipped: `there is no room for a claim: ${summary}` };
  if (status === 'ERROR') return { skipped: `${title}: ${summary}` };
  return { failed: `${title}: ${summary}`, remedy, leftBehind };
}

/** The Secret of a class's volumes in a namespace: the name may hold the template that tenants' classes have. */
function leadsTo(one: StorageClass, secret: CanaryOptions['secret'], namespace: string | undefined): boolean {
  if (!isManilaDriver(one.provisioner)) return false;
  const of = (key: string): string =>
    (one.parameters?.[`csi.storage.k8s.io/${key}`] ?? '').replaceAll('${pvc.namespace}', namespace ?? '');
  return of('provisioner-secret-name') === secret.name && of('provisioner-secret-namespace') === secret.namespace;
}

function withNamespace(global: Context['global'], namespace: string | undefined): Context['global'] {
  const rest = { ...global };
  delete rest.namespace;
  return namespace === undefined ? rest : { ...rest, namespace };
}
