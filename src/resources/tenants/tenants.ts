import type { LoadedConfig, Tenant } from '../../config/types.ts';
import { mapLimit } from '../../core/concurrency.ts';
import type { Context } from '../../core/context.ts';
import { couldNotRun } from '../../core/errors.ts';
import { TENANT_LABEL } from '../../drivers/names.ts';
import { driverNamed } from '../../drivers/protocols.ts';
import { secretUsers } from '../../drivers/secret-users.ts';
import { readClusterId } from '../../drivers/survey.ts';
import type { KubeClient, KubeObject } from '../../kube/types.ts';
import type { Manila } from '../../openstack/manila.ts';
import type { KeystoneSession } from '../../openstack/session.ts';
import type { Findings } from '../../reconcile/findings.ts';
import type { AnyResource, Resource } from '../../reconcile/reconcile.ts';
import { inSequence, sideBySide } from '../../reconcile/sequence.ts';
import { proveByClaim } from '../credential-canary.ts';
import { lifeOf, namedOwner, tenantOwner } from '../credential-choice.ts';
import { CredentialResource } from '../credentials.ts';
import { driverProject } from '../driver-project.ts';
import { kubeObjectRemoval, kubeObjects, type ObjectOp } from '../kube-objects.ts';
import { isOurs } from '../ownership.ts';
import { placed } from '../projects.ts';
import { refuseWithoutRights } from '../rights.ts';
import { type StorageClass, TYPE_NAME_ANNOTATION } from '../storage-classes/class.ts';
import { removedTenant, removedTenants } from './removed.ts';
import { classesOf, type ProjectQuota, quotaManifest, quotaRef, withFile } from './resource-quota.ts';

export interface TenantParts {
  kube: KubeClient;
  session: KeystoneSession;
  manila: Manila;
  loaded: LoadedConfig;
  /** Remove what was made for tenants that the file has no more. */
  prune: boolean;
}

const CONCURRENCY = 8;

/**
 * Everything about tenants but their classes: namespace, user, credential, Secret and ResourceQuota of each. What they
 * are is known when the cluster was looked at, so they are put together by `observe`.
 */
export function tenantsResource(ctx: Context, parts: TenantParts): AnyResource {
  let inner: AnyResource | undefined;
  const known = (): AnyResource => {
    if (!inner) throw new Error('tenants: nothing was observed yet');
    return inner;
  };
  const resource: Resource<unknown, unknown> = {
    title: 'tenants',
    serverDryRun: true,
    observe: async (signal, findings) => {
      inner = await assemble(ctx, parts, findings);
      return inner.observe(signal, findings);
    },
    plan: (observed, findings) => known().plan(observed, findings),
    perform: (planned, how) => known().perform(planned, how),
    stages: (planned) => known().stages?.(planned) ?? [planned],
  };
  return resource;
}

async function assemble(ctx: Context, parts: TenantParts, findings: Findings): Promise<AnyResource> {
  const { kube, session, loaded, prune } = parts;
  const { tenants } = loaded.config;
  const namespace = ctx.global.namespace ?? loaded.config.cluster.namespace;
  const [clusterId, secrets, users, places] = await Promise.all([
    readClusterId(kube, ctx.signal),
    kube.list({ apiVersion: 'v1', kind: 'Secret', namespace, labelSelector: TENANT_LABEL }, { signal: ctx.signal }),
    secretUsers(kube, namespace),
    mapLimit([...tenants], CONCURRENCY, ({ namespace: name }) =>
      kube.get({ apiVersion: 'v1', kind: 'Namespace', name }),
    ),
  ]);
  refuseTerminating(loaded, places, findings);
  const projects = await findProjects(ctx, parts, findings);
  const credentials = tenants.map(
    (tenant) =>
      new CredentialResource(
        ctx,
        kube,
        session,
        {
          namespace,
          clusterId,
          tenant: tenant.namespace,
          owner: namedOwner(tenantOwner(tenant), { clusterId, tenant: tenant.namespace }),
          ...lifeOf(loaded),
        },
        proveByClaim(kube, { namespace, tenant: tenant.namespace }),
      ) as AnyResource,
  );
  // Without its project, a tenant is one of the findings already.
  const sound = credentials.filter((_, index) => projects[index] !== undefined);
  const quotas = findings.refused ? [] : await quotaManifests(ctx, parts, projects);
  const unwanted = tenants.filter(({ resourceQuota }) => !resourceQuota).map(({ namespace: name }) => quotaRef(name));
  const ours = secrets.items.filter(isOurs);
  const gone = removedTenants(ours, new Set(tenants.map((tenant) => tenant.namespace)), users);
  const resources = [
    kubeObjects(ctx, kube, 'namespaces of tenants', tenants.map(namespaceManifest)),
    sideBySide('credentials of tenants', sound),
    kubeObjects(ctx, kube, 'quotas of tenants', quotas),
    onlyOurs(kubeObjectRemoval(ctx, kube, 'quotas of tenants', unwanted)),
    ...gone.map((one) => removedTenant(ctx, one, { kube, session, namespace, clusterId, prune })),
  ] as AnyResource[];
  return inSequence('tenants', resources, async (todo, { signal }) => {
    const objects = todo.filter(({ op }) => 'object' in (op as object) || 'live' in (op as object));
    const verbs = todo.some(({ change }) => change.kind === 'Secret') ? ['create', 'patch'] : [];
    const secretRights = verbs.map((verb) => ({ verb, group: '', resource: 'secrets', namespace }));
    await refuseWithoutRights(kube, objects as { change: never; op: ObjectOp }[], secretRights, signal);
  });
}

/** A ResourceQuota of that name that is somebody else's is none of our business. */
function onlyOurs(resource: Resource<KubeObject[], ObjectOp>): Resource<KubeObject[], ObjectOp> {
  return {
    ...resource,
    observe: async (signal, findings) => (await resource.observe(signal, findings)).filter(isOurs),
  };
}

/** Claims in a namespace that is being deleted cannot be made, and its Secret would soon be of use to nobody. */
function refuseTerminating(
  { config, where }: LoadedConfig,
  places: readonly (KubeObject | undefined)[],
  findings: Findings,
): void {
  places.forEach((place, index) => {
    if (place?.metadata.deletionTimestamp === undefined) return;
    const { namespace } = config.tenants[index] as Tenant;
    findings.refuse(
      couldNotRun(
        'namespace-terminating',
        `${where(['tenants', index, 'namespace'])}: namespace ${namespace} is being deleted`,
        { remedy: `wait until it is gone (kubectl get namespace ${namespace}), or take the tenant out of the file` },
      ),
    );
  });
}

/** Each tenant's project; undefined where it is not found, which is a finding with its place. */
async function findProjects(ctx: Context, { session, loaded }: TenantParts, findings: Findings) {
  const { config, where } = loaded;
  return mapLimit([...config.tenants], CONCURRENCY, (tenant, index) => {
    const place = (): string => where(['tenants', index, tenant.cloud === undefined ? 'project' : 'cloud']);
    return findings.collect(() => placed(place, () => driverProject(ctx, session, tenant)));
  });
}

function namespaceManifest({ namespace }: Tenant): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
}

async function quotaManifests(
  ctx: Context,
  { kube, manila, loaded }: TenantParts,
  projects: readonly ({ id: string; name: string } | undefined)[],
): Promise<KubeObject[]> {
  const { tenants, quotas } = loaded.config;
  if (!tenants.some(({ resourceQuota }) => resourceQuota)) return [];
  const { items } = await kube.list<StorageClass>(
    { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass' },
    { signal: ctx.signal },
  );
  const classes = items.filter(({ provisioner }) => driverNamed(provisioner) !== undefined);
  const made = await mapLimit([...tenants], CONCURRENCY, async (tenant, index) => {
    const project = projects[index];
    if (!project || !tenant.resourceQuota) return [];
    const names = classesOf(tenant, classes).flatMap(
      ({ metadata }) => metadata.annotations?.[TYPE_NAME_ANNOTATION] ?? [],
    );
    const live = await readQuota(manila, project.id, names);
    const spec = quotas.find((quota) => [project.id, project.name].includes(quota.project));
    return [quotaManifest(tenant, classes, withFile(live, spec))];
  });
  return made.flat();
}

async function readQuota(manila: Manila, projectId: string, types: readonly string[]): Promise<ProjectQuota> {
  const [own, ...each] = await Promise.all([
    manila.getQuota(projectId),
    ...(manila.supports('2.39') ? types.map((shareType) => manila.getQuota(projectId, { shareType })) : []),
  ]);
  return { own, types: new Map(each.map((quota, i) => [types[i] ?? '', quota])) };
}
