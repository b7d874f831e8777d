import type { LoadedConfig } from '../config/types.ts';
import type { Context } from '../core/context.ts';
import { couldNotRun } from '../core/errors.ts';
import type { KubeClient } from '../kube/types.ts';
import { Manila } from '../openstack/manila.ts';
import type { KeystoneSession } from '../openstack/session.ts';
import type { Planned } from '../reconcile/change.ts';
import type { AnyResource } from '../reconcile/reconcile.ts';
import { inSequence } from '../reconcile/sequence.ts';
import { chooseOwner, lifeOf, namedOwner, type OwnerOptions } from '../resources/credential-choice.ts';
import { proveByClaim } from '../resources/credential-canary.ts';
import { type CredentialReport, CredentialResource } from '../resources/credentials.ts';
import { kubeObjects, type ObjectOp } from '../resources/kube-objects.ts';
import { type Access, refuseWithoutRights } from '../resources/rights.ts';
import { type DesiredDrivers, desiredDrivers, type DriverChoices, surveyFor } from './desired.ts';

/** Manila CSI speaks this microversion. */
const DRIVER_MICROVERSION = '2.37';

export interface InstallationParts extends DriverChoices {
  kube: KubeClient;
  session: KeystoneSession;
  loaded: LoadedConfig;
  /** Whose the shares are, where flags say it. */
  owner?: OwnerOptions;
}

/** The drivers of one cluster, ready to be kept: what `install` and the section `drivers` of the file do. */
export interface Installation extends DesiredDrivers {
  /** The namespace, the credential with its Secret, and the manifests, in that order. */
  resource: AnyResource;
  /** What the Secret holds, as far as it is known yet. */
  credential(): CredentialReport | undefined;
}

/**
 * Reads what the installation depends on, and says what is to be kept.
 * @throws CliError where the file does not say whose the shares are (exit 2), where the cluster or the cloud cannot
 *   have the drivers (exit 3); nothing was changed.
 */
export async function prepareInstallation(ctx: Context, parts: InstallationParts): Promise<Installation> {
  const { kube, session, loaded } = parts;
  const { config } = loaded;
  const choice = chooseOwner(loaded, parts.owner);
  const namespace = ctx.global.namespace ?? config.cluster.namespace;
  const [survey] = await Promise.all([surveyFor(ctx, kube, loaded, parts), checkManila(ctx, session)]);
  const credential = new CredentialResource(
    ctx,
    kube,
    session,
    {
      namespace,
      clusterId: survey.clusterId,
      owner: namedOwner(choice, { clusterId: survey.clusterId }),
      ...lifeOf(loaded),
    },
    proveByClaim(kube, { namespace }),
  );
  const desired = await desiredDrivers(ctx, loaded, survey, parts);
  const { drivers, manifests } = desired;
  const title = drivers.length > 1 ? 'the drivers' : `the ${drivers[0]?.protocol ?? ''} driver`;
  const resource = inSequence(
    `${title} and ${drivers.length > 1 ? 'their' : 'its'} credential`,
    [
      kubeObjects(ctx, kube, 'the namespace', desired.namespaceManifests),
      credential,
      kubeObjects(ctx, kube, title, manifests),
    ],
    (todo, { signal }) => refuseWithoutRights(kube, todo.filter(isOfCluster), secretRights(namespace, todo), signal),
  );
  return { ...desired, resource, credential: () => credential.report };
}

/** Before anything is changed: is Manila there, and new enough for the driver? */
async function checkManila(ctx: Context, session: KeystoneSession): Promise<void> {
  const manila = await Manila.connect(session, ctx);
  if (manila.supports(DRIVER_MICROVERSION)) return;
  throw couldNotRun(
    'old-manila',
    `Manila at ${manila.endpoint.url} knows API versions ${manila.microversions.min} to ${manila.microversions.max}, and its CSI driver needs ${DRIVER_MICROVERSION}`,
    { remedy: 'Manila of OpenStack Ocata or later is needed' },
  );
}

/** Is it a change to an object of the cluster? Those of Keystone are not asked of the API server. */
export function isOfCluster(planned: Planned<unknown>): planned is Planned<ObjectOp> {
  const { op } = planned as { op: { do: string; object?: unknown } };
  return ['apply', 'replace', 'delete'].includes(op.do);
}

/** A new credential ends in a Secret, which is better known before it is made. */
export function secretRights(namespace: string, todo: readonly Planned<unknown>[]): Access[] {
  const writes = todo.some(({ change }) => change.kind === 'Secret');
  return writes ? ['create', 'patch'].map((verb) => ({ verb, group: '', resource: 'secrets', namespace })) : [];
}
