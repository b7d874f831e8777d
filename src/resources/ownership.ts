import type { KubeObject } from '../kube/types.ts';

/** The label by which this program knows its objects; what lacks it is never changed. */
export const MANAGED_BY = 'app.kubernetes.io/managed-by';
export const PRODUCT = 'manila-rwx';

export function isOurs(live: KubeObject): boolean {
  return live.metadata.labels?.[MANAGED_BY] === PRODUCT;
}

/** Whose a foreign object is, as far as it shows: `managed by Helm, release csi-manila`. */
export function ownerOf({ metadata }: KubeObject): string {
  const release = metadata.annotations?.['meta.helm.sh/release-name'];
  const label = metadata.labels?.[MANAGED_BY];
  if (label !== undefined) return `managed by ${label}${release === undefined ? '' : `, release ${release}`}`;
  const controller = metadata.ownerReferences?.find((owner) => owner.controller) ?? metadata.ownerReferences?.[0];
  if (controller) return `owned by ${controller.kind} ${controller.name}`;
  const manager = metadata.managedFields?.find((entry) => entry.subresource === undefined)?.manager;
  return manager === undefined ? `without the label ${MANAGED_BY}` : `made by ${manager}`;
}
