import type { Strategy } from '../strategy.ts';
import * as access from './access.ts';
import * as core from './core.ts';
import * as storage from './storage.ts';
import * as workloads from './workloads.ts';

/** What is special about the kinds of a bucket. Kinds that are not here have nothing beyond the generic rules. */
export const STRATEGIES: Readonly<Record<string, Strategy>> = {
  configmaps: core.configMap,
  endpoints: core.createdByPut,
  events: core.event,
  limitranges: core.createdByPut,
  namespaces: core.namespace,
  nodes: core.node,
  persistentvolumeclaims: storage.claim,
  persistentvolumes: storage.volume,
  pods: workloads.pod,
  podtemplates: workloads.podTemplate,
  resourcequotas: core.serviceAccount,
  secrets: core.secret,
  serviceaccounts: core.serviceAccount,
  services: core.service,
  'apps/daemonsets': workloads.daemonSet,
  'apps/deployments': workloads.deployment,
  'apps/replicasets': workloads.replicaSet,
  'apps/statefulsets': workloads.statefulSet,
  'batch/cronjobs': workloads.cronJob,
  'batch/jobs': workloads.job,
  'coordination.k8s.io/leases': access.lease,
  'policy/poddisruptionbudgets': workloads.disruptionBudget,
  'rbac.authorization.k8s.io/clusterrolebindings': access.binding,
  'rbac.authorization.k8s.io/clusterroles': access.role,
  'rbac.authorization.k8s.io/rolebindings': access.binding,
  'rbac.authorization.k8s.io/roles': access.role,
  'scheduling.k8s.io/priorityclasses': access.priorityClass,
  'storage.k8s.io/csidrivers': storage.csiDriver,
  'storage.k8s.io/csinodes': storage.csiNode,
  'storage.k8s.io/storageclasses': storage.storageClass,
  'storage.k8s.io/volumeattachments': storage.volumeAttachment,
  'apiextensions.k8s.io/customresourcedefinitions': access.definition,
};
