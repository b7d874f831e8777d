import type { Cluster } from '../cluster.ts';
import { at, isObject } from '../json.ts';
import type { Container, EnvVar, Pod } from '../kinds.ts';
import { asJson } from '../objects.ts';
import type { Host } from './host.ts';
import type { Mounted } from './mounts.ts';

/** A volume of a container that is a share. */
export interface ShareMount {
  mountPath: string;
  /** Local path under which the pod sees it. */
  path: string;
  mounted: Mounted;
}

/** A ConfigMap or Secret that a variable needs is not there. */
export class MissingReference extends Error {}

/**
 * Variables of a container as its spec says, and the few that every container has. `MANILA_RWX_MOUNT`, `_MOUNTS`,
 * `_MOUNTINFO` and `_CLOCK` are set to what is true in the lab, where the spec has them: its processes see no mount at
 * the path that the spec names, and there may be no /proc.
 * @throws MissingReference in the kubelet's words.
 */
export function containerEnv(
  cluster: Cluster,
  pod: Pod,
  container: Container,
  lab: { shares: readonly ShareMount[]; mountsFile: string; mountinfoFile: string; home: string; machine: Host },
): Record<string, string> {
  const env: Record<string, string> = {
    PATH: lab.machine.path,
    HOSTNAME: pod.metadata.name,
    HOME: lab.home,
    KUBERNETES_SERVICE_HOST: '10.96.0.1',
    KUBERNETES_SERVICE_PORT: '443',
  };
  for (const variable of container.env ?? []) env[variable.name] = expand(valueOf(cluster, pod, variable), env);
  const mount = lab.shares.find(({ mountPath }) => mountPath === env.MANILA_RWX_MOUNT);
  if (mount) env.MANILA_RWX_MOUNT = mount.path;
  if (env.MANILA_RWX_MOUNTS !== undefined) env.MANILA_RWX_MOUNTS = lab.mountsFile;
  if (env.MANILA_RWX_MOUNTINFO !== undefined) env.MANILA_RWX_MOUNTINFO = lab.mountinfoFile;
  if (env.MANILA_RWX_CLOCK !== undefined) env.MANILA_RWX_CLOCK = lab.machine.clock;
  return env;
}

/** Puts the values of `$(NAME)` into a text; `$$` stands for one `$`, and unknown names stay as they are. */
export function expand(text: string, env: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\$|\$\(([^)]+)\)/g, (whole, name: string | undefined) =>
    name === undefined ? '$' : (env[name] ?? whole),
  );
}

function valueOf(cluster: Cluster, pod: Pod, { value, valueFrom }: EnvVar): string {
  const { fieldRef, secretKeyRef, configMapKeyRef } = valueFrom ?? {};
  if (fieldRef) return fieldOf(pod, fieldRef.fieldPath);
  if (secretKeyRef) return referenced(cluster, pod, 'Secret', secretKeyRef);
  if (configMapKeyRef) return referenced(cluster, pod, 'ConfigMap', configMapKeyRef);
  return value ?? '';
}

function fieldOf(pod: Pod, path: string): string {
  const [, map, key] = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path) ?? [];
  if (map === 'labels' || map === 'annotations') return pod.metadata[map]?.[key ?? ''] ?? '';
  const found = at(asJson(pod), ...path.split('.'));
  return typeof found === 'string' ? found : '';
}

function referenced(
  cluster: Cluster,
  pod: Pod,
  kind: 'Secret' | 'ConfigMap',
  { name, key, optional }: { name: string; key: string; optional?: boolean },
): string {
  const found = cluster.get(kind, pod.metadata.namespace, name);
  const data = found && asJson(found).data;
  const value = isObject(data) ? data[key] : undefined;
  if (typeof value === 'string') return kind === 'Secret' ? Buffer.from(value, 'base64').toString() : value;
  if (optional === true) return '';
  const what = kind === 'Secret' ? 'secret' : 'configmap';
  if (!found) throw new MissingReference(`${what} ${JSON.stringify(name)} not found`);
  throw new MissingReference(`couldn't find key ${key} in ${kind} ${pod.metadata.namespace ?? ''}/${name}`);
}
