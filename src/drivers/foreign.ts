import { couldNotRun } from '../core/errors.ts';
import { describeObject } from '../kube/errors.ts';
import type { KubeObject } from '../kube/types.ts';
import type { DaemonSet } from './cluster-objects.ts';
import { isOurs, MANAGED_BY } from '../resources/ownership.ts';
import type { ProtocolDriver } from './protocols.ts';

/** Images of Manila's CSI driver: upstream's, and the one that OpenShift builds of it. */
const MANILA_IMAGE = /(?:^|\/)(?:manila-csi-plugin|[\w.-]*csi-driver-manila[\w.-]*)(?:[:@]|$)/;

/**
 * Refuses where one of these drivers was installed by somebody else (a Helm chart, OpenShift, by hand): two drivers
 * would make every share twice over, or fight for one socket.
 * @throws CliError `foreign-driver` (exit 3) that names the objects and who keeps them.
 */
export function refuseForeignDrivers(
  drivers: readonly ProtocolDriver[],
  csiDrivers: readonly KubeObject[],
  daemonSets: readonly DaemonSet[],
): void {
  const foreign = [
    ...csiDrivers.filter(({ metadata }) => drivers.some(({ name }) => name === metadata.name)),
    ...daemonSets.filter((set) => drivers.some((driver) => runsManila(set, driver))),
  ].filter((object) => !isOurs(object));
  if (foreign.length === 0) return;
  const protocols = drivers.map(({ protocol }) => protocol).join(' or ');
  const names = foreign.map((object) => `${describeObject(object)}${keeper(object)}`);
  throw couldNotRun(
    'foreign-driver',
    `the cluster has an installation of Manila's ${protocols} driver that manila-rwx did not install: ${names.join(', ')}`,
    { remedy: 'remove that installation first (its volumes need it: move them before), or go on using it' },
  );
}

/** An installation for another protocol only is another driver and may stay. */
function runsManila(set: DaemonSet, { protocol }: ProtocolDriver): boolean {
  const selected = protocol === 'NFS' ? /\bNFS\b|nfs/ : /\bCEPHFS\b|cephfs/;
  return set.spec.template.spec.containers.some(
    (container) => MANILA_IMAGE.test(container.image) && selected.test(JSON.stringify(container)),
  );
}

function keeper({ metadata: { labels = {}, annotations = {} } }: KubeObject): string {
  const release = annotations['meta.helm.sh/release-name'] ?? labels.release;
  if (release !== undefined) return ` (Helm release ${release})`;
  const manager = labels[MANAGED_BY];
  if (manager !== undefined) return ` (kept by ${manager})`;
  return annotations['csi.openshift.io/managed'] === undefined ? '' : ' (kept by OpenShift)';
}
