import { type Json, type JsonObject, isObject, text } from '../../json.ts';
import { type FieldError, duplicate, fieldNotFound, required, unsupported } from '../../status.ts';

/** Calls `work` for each object in a list that may not be there. */
function each(list: Json | undefined, work: (item: JsonObject, index: number) => void): void {
  if (!Array.isArray(list)) return;
  for (const [index, item] of list.entries()) if (isObject(item)) work(item, index);
}

function object(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** Defaults of a pod's spec, in pods and in templates (pkg/apis/core/v1/defaults.go). */
export function defaultPodSpec(spec: JsonObject): void {
  spec.dnsPolicy ??= 'ClusterFirst';
  spec.restartPolicy ??= 'Always';
  spec.securityContext ??= {};
  spec.terminationGracePeriodSeconds ??= 30;
  spec.schedulerName ??= 'default-scheduler';
  // The deprecated name is kept in step with the one that replaced it.
  const account = spec.serviceAccountName ?? spec.serviceAccount;
  if (account !== undefined) {
    spec.serviceAccountName = account;
    spec.serviceAccount = account;
  }
  const defaultOne = (container: JsonObject): void => defaultContainer(container, spec.hostNetwork === true);
  each(spec.initContainers, defaultOne);
  each(spec.containers, defaultOne);
  each(spec.ephemeralContainers, defaultOne);
  each(spec.volumes, defaultVolume);
}

function defaultContainer(container: JsonObject, hostNetwork: boolean): void {
  container.resources ??= {};
  container.terminationMessagePath ??= '/dev/termination-log';
  container.terminationMessagePolicy ??= 'File';
  if (typeof container.image === 'string') container.imagePullPolicy ??= pullPolicy(container.image);
  each(container.ports, (port) => {
    port.protocol ??= 'TCP';
    if (hostNetwork) port.hostPort ??= port.containerPort;
  });
  each(container.env, (variable) => defaultFieldRef(object(variable.valueFrom).fieldRef));
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe = container[name];
    if (!isObject(probe)) continue;
    defaultHandler(probe);
    probe.timeoutSeconds ??= 1;
    probe.periodSeconds ??= 10;
    probe.successThreshold ??= 1;
    probe.failureThreshold ??= 3;
  }
  const lifecycle = object(container.lifecycle);
  for (const hook of [lifecycle.postStart, lifecycle.preStop]) if (isObject(hook)) defaultHandler(hook);
}

/** The policy that follows from the tag: `latest`, or none, is always pulled. */
function pullPolicy(image: string): string {
  const name = image.split('/').at(-1) ?? image;
  if (name.includes('@')) return 'IfNotPresent';
  const tag = name.includes(':') ? name.slice(name.indexOf(':') + 1) : 'latest';
  return tag === 'latest' ? 'Always' : 'IfNotPresent';
}

function defaultHandler(handler: JsonObject): void {
  const get = handler.httpGet;
  if (isObject(get)) {
    get.path ??= '/';
    get.scheme ??= 'HTTP';
  }
  const grpc = handler.grpc;
  if (isObject(grpc)) grpc.service ??= '';
}

function defaultFieldRef(ref: Json | undefined): void {
  if (isObject(ref)) ref.apiVersion ??= 'v1';
}

const MODE_0644 = 420;

function defaultVolume(volume: JsonObject): void {
  if (Object.keys(volume).every((key) => key === 'name')) volume.emptyDir = {};
  if (isObject(volume.hostPath)) volume.hostPath.type ??= '';
  for (const kind of ['secret', 'configMap', 'downwardAPI', 'projected']) {
    const source = volume[kind];
    if (isObject(source)) source.defaultMode ??= MODE_0644;
  }
  each(object(volume.downwardAPI).items, (item) => defaultFieldRef(item.fieldRef));
  each(object(volume.projected).sources, (source) => {
    if (isObject(source.serviceAccountToken)) source.serviceAccountToken.expirationSeconds ??= 3600;
    each(object(source.downwardAPI).items, (item) => defaultFieldRef(item.fieldRef));
  });
}

/** Defaults that a pod has and a template does not. */
export function defaultRunningPod(spec: JsonObject): void {
  each(spec.containers, requestsFromLimits);
  each(spec.initContainers, requestsFromLimits);
  spec.enableServiceLinks ??= true;
}

/** What admission plugins add to a new pod. */
export function admitPodSpec(spec: JsonObject, priorityOf: (className: string) => number | undefined): void {
  const className = typeof spec.priorityClassName === 'string' ? spec.priorityClassName : '';
  spec.priority ??= priorityOf(className) ?? 0;
  spec.preemptionPolicy ??= 'PreemptLowerPriority';
  tolerateFor5Minutes(spec);
  mountServiceAccount(spec);
}

function requestsFromLimits(container: JsonObject): void {
  const resources = object(container.resources);
  if (!isObject(resources.limits)) return;
  resources.requests = { ...resources.limits, ...object(resources.requests) };
}

function tolerateFor5Minutes(spec: JsonObject): void {
  const tolerations = Array.isArray(spec.tolerations) ? [...spec.tolerations] : [];
  for (const key of ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']) {
    const isTolerated = tolerations.some(
      (one) => isObject(one) && (one.key ?? key) === key && (one.effect ?? 'NoExecute') === 'NoExecute',
    );
    if (!isTolerated) tolerations.push({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 });
  }
  spec.tolerations = tolerations;
}

const TOKEN_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';

function mountServiceAccount(spec: JsonObject): void {
  spec.serviceAccountName ??= 'default';
  spec.serviceAccount = spec.serviceAccountName;
  if (spec.automountServiceAccountToken === false) return;
  const name = `kube-api-access-${randomSuffix(5)}`;
  const mounted: JsonObject[] = [];
  const mount = (container: JsonObject): void => {
    const mounts = Array.isArray(container.volumeMounts) ? container.volumeMounts : [];
    if (mounts.some((one) => isObject(one) && one.mountPath === TOKEN_PATH)) return;
    container.volumeMounts = [...mounts, { name, readOnly: true, mountPath: TOKEN_PATH }];
    mounted.push(container);
  };
  each(spec.initContainers, mount);
  each(spec.containers, mount);
  if (mounted.length === 0) return;
  const volumes = Array.isArray(spec.volumes) ? spec.volumes : [];
  spec.volumes = [
    ...volumes,
    {
      name,
      projected: {
        sources: [
          { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
          { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
          {
            downwardAPI: {
              items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
            },
          },
        ],
        defaultMode: MODE_0644,
      },
    },
  ];
}

/** `Guaranteed`, `Burstable` or `BestEffort`, from the containers' requests and limits of CPU and memory. */
export function qosClass(spec: JsonObject): string {
  const asked: { request: unknown; limit: unknown }[] = [];
  each(spec.containers, (container) => {
    const { requests, limits } = object(container.resources);
    for (const name of ['cpu', 'memory']) asked.push({ request: object(requests)[name], limit: object(limits)[name] });
  });
  if (asked.every(({ request, limit }) => request === undefined && limit === undefined)) return 'BestEffort';
  const isGuaranteed = asked.every(({ request, limit }) => limit !== undefined && (request ?? limit) === limit);
  return isGuaranteed ? 'Guaranteed' : 'Burstable';
}

/** What the generic rules do not see: images, mounts of volumes that are not there, names used twice. */
export function validatePodSpec(spec: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const volumes = new Set<Json | undefined>();
  each(spec.volumes, (volume, index) => {
    if (volumes.has(volume.name)) errors.push(duplicate(`${path}.volumes[${index}].name`, volume.name));
    volumes.add(volume.name);
  });
  if (!Array.isArray(spec.containers) || spec.containers.length === 0) errors.push(required(`${path}.containers`));
  const names = new Set<Json | undefined>();
  for (const list of ['initContainers', 'containers']) {
    each(spec[list], (container, index) => {
      const at = `${path}.${list}[${index}]`;
      if (names.has(container.name)) errors.push(duplicate(`${at}.name`, container.name));
      names.add(container.name);
      if (container.image === undefined || container.image === '') errors.push(required(`${at}.image`));
      const policies = ['Always', 'Never', 'OnFailure'];
      const policy = container.restartPolicy;
      each(container.volumeMounts, (mount, position) => {
        if (!volumes.has(mount.name)) errors.push(fieldNotFound(`${at}.volumeMounts[${position}].name`, mount.name));
      });
      if (policy !== undefined && !policies.includes(text(policy))) {
        errors.push(unsupported(`${at}.restartPolicy`, policy, policies));
      }
    });
  }
  return errors;
}

const SAFE = 'bcdfghjklmnpqrstvwxz2456789';

/** Letters and digits that cannot form words, as in generated names. */
export function randomSuffix(length: number): string {
  return Array.from({ length }, () => SAFE[Math.floor(Math.random() * SAFE.length)]).join('');
}
