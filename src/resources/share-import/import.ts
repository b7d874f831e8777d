import type { LoadedConfig } from '../../config/types.ts';
import type { Context } from '../../core/context.ts';
import { couldNotRun, usageError } from '../../core/errors.ts';
import { result } from '../../core/result.ts';
import { waitFor } from '../../core/wait.ts';
import { DRIVER_SECRET_NAME } from '../../drivers/names.ts';
import type { KubeClient, KubeObject } from '../../kube/types.ts';
import { Manila } from '../../openstack/manila.ts';
import type { Share } from '../../openstack/types.ts';
import { planParts, reconcile } from '../../reconcile/reconcile.ts';
import { readInstalledCredential } from '../credential-login.ts';
import { kubeObjects } from '../kube-objects.ts';
import { isOurs } from '../ownership.ts';
import { agreedClients, STORAGE_CLASS, type StorageClass } from '../storage-classes/class.ts';
import { slug } from '../storage-classes/names.ts';
import { clientProblem, type Node, nodeAddresses } from '../storage-classes/share-clients.ts';
import { missingRules, planAccess, waitForRules } from './access.ts';
import { findShare, listVolumes, type Volume, volumeOf, whyNotUsable } from './find.ts';
import { claimManifest, type ImportedClaim, sizeOf, volumeManifest, volumeName } from './manifests.ts';
import type { ShareImport } from './report.ts';

export interface ImportOptions {
  /** Id or name of the share. */
  share: string;
  /** Name of the claim; the share's name where it can be one. */
  name?: string | undefined;
  namespace: string;
  accessMode: ImportedClaim['accessMode'];
  /** Beats the file. */
  shareClients?: readonly string[] | undefined;
  wait: boolean;
}

const TIMEOUT_MS = 60_000;

/**
 * Makes a share that exists a volume with a claim. Everything is looked at before anything is made.
 * @throws CliError `no-credential`, `no-share`, `share-unusable`, `share-in-use`, `not-ours` (exit 3), `usage` (exit 2),
 *   `timed-out` (exit 4).
 */
export async function importShare(
  ctx: Context,
  kube: KubeClient,
  loaded: LoadedConfig,
  options: ImportOptions,
): Promise<ShareImport> {
  const secretNamespace = loaded.config.cluster.namespace;
  const installed = await readInstalledCredential(ctx, kube, secretNamespace);
  if (!installed) {
    throw couldNotRun(
      'no-credential',
      `there is no Secret ${secretNamespace}/${DRIVER_SECRET_NAME} with the drivers’ login`,
      {
        remedy: 'run manila-rwx install first: the driver mounts the share with that login',
      },
    );
  }
  try {
    const manila = await Manila.connect(installed.session, ctx);
    const share = await findShare(manila, options.share, installed.report.project);
    const claim = { ...options, name: claimName(options, share) };
    const nodes = await kube.list<Node>({ apiVersion: 'v1', kind: 'Node' }, { signal: ctx.signal });
    const addresses = nodeAddresses(nodes.items).map(({ address }) => address);
    const [volumes, clients, rules, unusable, live] = await Promise.all([
      listVolumes(kube, ctx.signal),
      clientsFor(kube, loaded, options, addresses, ctx.signal),
      manila.listAccessRules(share.id),
      whyNotUsable(manila, share),
      kube.get<KubeObject & { spec: { volumeName?: string } }>(
        { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name: claim.name, namespace: claim.namespace },
        { signal: ctx.signal },
      ),
    ]);
    refuseUnusable(share, claim, unusable, volumeOf(share, volumes), live);
    const level = claim.accessMode === 'ReadOnlyMany' ? 'ro' : 'rw';
    const access = planAccess(share, rules, { level, nodes: addresses, clients });
    const objects = (ids: readonly string[]) =>
      kubeObjects(ctx, kube, 'volume and claim', [
        volumeManifest(share, claim, secretNamespace, ids),
        claimManifest(share, claim),
      ]);
    // Refuses what is not ours before a rule is made.
    await planParts(ctx, [{ name: '', resource: objects([]) }]);
    const made = await reconcile(ctx, missingRules(manila, share, level, access.missing));
    const done =
      made.dryRun === 'none' && access.missing.length > 0 ? await waitForRules(ctx, manila, share, access.missing) : [];
    const ids = [...access.found, ...done].map(({ id }) => id).sort();
    const { changes } = await reconcile(ctx, objects(ids));
    const report: ShareImport = {
      name: claim.name,
      namespace: claim.namespace,
      volume: volumeName(share),
      shareId: share.id,
      shareName: share.name,
      size: sizeOf(share),
      accessModes: [claim.accessMode],
      accessRules: [
        ...access.found.map((rule) => ({ id: rule.id, to: rule.to, level: rule.level, made: false })),
        ...access.missing.map((to) => ({ ...idOf(done, to), to, level, made: true }) as const),
      ],
      dryRun: ctx.global.dryRun,
      changes: [...made.changes, ...changes],
    };
    return ctx.global.dryRun === 'none' && options.wait
      ? { ...report, phase: await waitUntilBound(ctx, kube, report) }
      : report;
  } finally {
    installed.session.close();
  }
}

function idOf(rules: readonly { id: string; to: string }[], to: string): { id?: string } {
  const rule = rules.find((one) => one.to === to);
  return rule ? { id: rule.id } : {};
}

/** The name that was given, or the share's own as far as Kubernetes takes it. */
function claimName({ name, share: wanted }: ImportOptions, share: Share): string {
  const chosen = name ?? slug(share.name).slice(0, 63);
  if (chosen !== '' && /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(chosen)) return chosen;
  throw usageError(
    name === undefined
      ? `share ${wanted} has no name that a claim can have`
      : `${JSON.stringify(name)} can be no name of a claim`,
    { remedy: 'name the claim after the share, in lower-case letters, digits and dashes: pvc import SHARE NAME' },
  );
}

function refuseUnusable(
  share: Share,
  claim: ImportedClaim,
  unusable: readonly string[],
  volume: Volume | undefined,
  live: (KubeObject & { spec: { volumeName?: string } }) | undefined,
): void {
  const named = `share ${share.name || share.id}`;
  if (unusable.length > 0) {
    throw couldNotRun('share-unusable', `${named} cannot be a volume: ${unusable.join('; ')}`, {
      remedy: `look at it: openstack share show ${share.id}`,
    });
  }
  const ref = volume?.spec.claimRef;
  const isThis =
    volume?.metadata.name === volumeName(share) &&
    isOurs(volume) &&
    ref?.name === claim.name &&
    ref.namespace === claim.namespace;
  if (volume && !isThis) {
    const who = ref ? ` of claim ${ref.namespace}/${ref.name}` : '';
    throw couldNotRun('share-in-use', `${named} is PersistentVolume ${volume.metadata.name}${who} already`, {
      remedy: ref
        ? `use that claim, or delete it and its volume first`
        : `delete that volume first: kubectl delete pv ${volume.metadata.name}`,
    });
  }
  if (live && live.spec.volumeName !== volumeName(share)) {
    throw couldNotRun('claim-exists', `claim ${claim.namespace}/${claim.name} exists and is for another volume`, {
      remedy: 'choose another name: pvc import SHARE NAME',
    });
  }
}

/** Flag, then file (which may say: each node by its address), then what the driver's classes agree on. */
async function clientsFor(
  kube: KubeClient,
  { config }: LoadedConfig,
  { shareClients }: ImportOptions,
  nodes: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[] | undefined> {
  for (const client of shareClients ?? []) {
    const problem = clientProblem(client);
    if (problem !== undefined) throw usageError(`--share-clients: ${JSON.stringify(client)} ${problem}`);
  }
  const configured = shareClients ?? config.storageClasses.shareClients;
  if (configured === 'nodes') return nodes;
  if (configured) return configured;
  const { items } = await kube.list<StorageClass>(STORAGE_CLASS, { signal });
  return agreedClients(items);
}

async function waitUntilBound(ctx: Context, kube: KubeClient, report: ShareImport): Promise<string> {
  const { name, namespace } = report;
  return waitFor(ctx, {
    what: `claim ${namespace}/${name} to be bound`,
    timeoutMs: ctx.global.timeoutMs ?? TIMEOUT_MS,
    intervalMs: 300,
    nextCommand: `manila-rwx pvc diagnose ${name} -n ${namespace}`,
    partialResult: () => result('share-import', report),
    look: async (signal) => {
      const claim = await kube.get<KubeObject & { status?: { phase?: string } }>(
        { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace },
        { signal },
      );
      const phase = claim?.status?.phase ?? 'Pending';
      return phase === 'Bound' ? { done: true, value: phase } : { done: false, reason: `it is ${phase}` };
    },
    doneText: () => `claim ${namespace}/${name} is bound to share ${report.shareName || report.shareId}`,
  });
}
