import type { Printer } from '../columns.ts';
import * as core from './core.ts';
import { pods } from './pods.ts';
import * as storage from './storage.ts';
import * as workloads from './workloads.ts';

/** Columns of built-in kinds, by their bucket; kinds that are not here show name and time of creation. */
export const PRINTERS: Readonly<Record<string, Printer>> = {
  configmaps: core.configMaps,
  events: core.events,
  namespaces: core.namespaces,
  nodes: core.nodes,
  persistentvolumeclaims: storage.claims,
  persistentvolumes: storage.volumes,
  pods,
  secrets: core.secrets,
  serviceaccounts: core.serviceAccounts,
  services: core.services,
  'apps/daemonsets': workloads.daemonSets,
  'apps/deployments': workloads.deployments,
  'apps/replicasets': workloads.replicaSets,
  'apps/statefulsets': workloads.statefulSets,
  'batch/jobs': workloads.jobs,
  'coordination.k8s.io/leases': core.leases,
  'policy/poddisruptionbudgets': workloads.budgets,
  'rbac.authorization.k8s.io/clusterrolebindings': core.bindings,
  'rbac.authorization.k8s.io/rolebindings': core.bindings,
  'scheduling.k8s.io/priorityclasses': core.priorityClasses,
  'storage.k8s.io/csidrivers': storage.csiDrivers,
  'storage.k8s.io/csinodes': storage.csiNodes,
  'storage.k8s.io/storageclasses': storage.storageClasses,
  'storage.k8s.io/volumeattachments': storage.attachments,
};
