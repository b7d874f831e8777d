import { configError } from '../core/errors.ts';
import type { DaemonSet, Node } from './cluster-objects.ts';
import { DRIVER_APP } from './names.ts';
import { DEFAULT_KUBELET_DIRECTORY } from './manifests.ts';

export interface KubeletDirectory {
  /** Absolute, without a final slash. */
  path: string;
  /** Why it is this one. */
  because: string;
}

/**
 * The kubelet's root folder on the nodes. No API tells it (it is a flag, not part of what `configz` shows), so it is
 * concluded: from the file; from other CSI drivers that run here, whose DaemonSets name it; from the distribution;
 * else Kubernetes' default.
 * A wrong conclusion does not go unseen: the node plugin's pod then says that `plugins_registry` is not a directory.
 *
 * @throws CliError `kubelet-directory` (exit 2) where nodes or drivers contradict each other.
 */
export function findKubeletDirectory(
  nodes: readonly Node[],
  daemonSets: readonly DaemonSet[],
  override?: string,
): KubeletDirectory {
  if (override !== undefined) return { path: override.replace(/\/+$/, ''), because: 'cluster.kubeletDirectory' };
  const evidence = drivers(daemonSets);
  const found = evidence.length > 0 ? evidence : distributions(nodes);
  const paths = [...new Set(found.map(({ path }) => path))];
  const [first] = found;
  if (!first) return { path: DEFAULT_KUBELET_DIRECTORY, because: 'the default' };
  if (paths.length > 1) {
    const list = found.map(({ path, because }) => `${path} (${because})`).join(', ');
    throw configError('kubelet-directory', `the kubelet's folder is not the same everywhere: ${list}`, {
      remedy: 'name the right one in manila-rwx.yaml: cluster: { kubeletDirectory: PATH }',
    });
  }
  return first.path === DEFAULT_KUBELET_DIRECTORY ? { ...first, because: 'the default' } : first;
}

/** What CSI drivers that work here have mounted to register with the kubelet. */
function drivers(daemonSets: readonly DaemonSet[]): KubeletDirectory[] {
  return daemonSets
    .filter(
      (set) => set.metadata.labels?.['app.kubernetes.io/name'] !== DRIVER_APP && (set.status?.numberReady ?? 0) > 0,
    )
    .flatMap((set) =>
      (set.spec.template.spec.volumes ?? []).flatMap(({ hostPath }) => {
        const path = /^(.+)\/plugins_registry\/*$/.exec(hostPath?.path ?? '')?.[1];
        const name = `${set.metadata.namespace ?? ''}/${set.metadata.name}`;
        return path === undefined ? [] : [{ path, because: `as DaemonSet ${name} has it` }];
      }),
    );
}

/** Distributions that are known to have it elsewhere, told by their nodes. */
function distributions(nodes: readonly Node[]): KubeletDirectory[] {
  const of = (node: Node): KubeletDirectory => {
    if (node.status.nodeInfo?.kubeletVersion.includes('+k0s')) {
      return { path: '/var/lib/k0s/kubelet', because: `${node.metadata.name} runs k0s` };
    }
    if (node.metadata.labels?.['microk8s.io/cluster'] !== undefined) {
      return { path: '/var/snap/microk8s/common/var/lib/kubelet', because: `${node.metadata.name} runs MicroK8s` };
    }
    return { path: DEFAULT_KUBELET_DIRECTORY, because: `${node.metadata.name} has the default` };
  };
  const all = nodes.map(of);
  return all.filter(({ path }, i) => all.findIndex((other) => other.path === path) === i);
}
