import { randomUUID } from 'node:crypto';
import { type Json, type JsonObject, at, equal, isObject, text, textAt } from '../../json.ts';
import { type KubeObject, type LabelSelector, asJson } from '../../objects.ts';
import { type FieldError, invalidValue } from '../../status.ts';
import { labelSelectorTest } from '../../store/selectors.ts';
import type { Lookup, Strategy } from '../strategy.ts';
import { admitPodSpec, defaultPodSpec, defaultRunningPod, qosClass, validatePodSpec } from './pod-spec.ts';

function specOf(object: KubeObject): JsonObject {
  const json = asJson(object);
  if (!isObject(json.spec)) json.spec = {};
  return json.spec;
}

function template(spec: JsonObject): JsonObject {
  return isObject(spec.template) ? spec.template : (spec.template = {});
}

function defaultTemplate(spec: JsonObject): void {
  const inner = template(spec);
  if (!isObject(inner.spec)) inner.spec = {};
  defaultPodSpec(inner.spec);
}

/** The selector is there, cannot be changed later, and selects the pods of the template. */
function validateTemplate(spec: JsonObject): FieldError[] {
  const errors: FieldError[] = [];
  const labels = at(spec, 'template', 'metadata', 'labels');
  const selector = spec.selector as LabelSelector | undefined;
  const isEmpty = !selector?.matchLabels && !selector?.matchExpressions;
  if (selector && isEmpty)
    errors.push(invalidValue('spec.selector', selector, 'empty selector is invalid for deployment'));
  if (!selector || !labelSelectorTest(selector)(labels as Record<string, string> | undefined)) {
    errors.push(invalidValue('spec.template.metadata.labels', labels, '`selector` does not match template `labels`'));
  }
  return [...errors, ...validatePodSpec((at(spec, 'template', 'spec') ?? {}) as JsonObject, 'spec.template.spec')];
}

function immutable(field: string, now: Json | undefined, before: Json | undefined): FieldError[] {
  return equal(now, before) ? [] : [invalidValue(field, now, 'field is immutable')];
}

const workload = {
  tracksGeneration: true,
  validate: (object) => validateTemplate(specOf(object)),
  validateUpdate: (object, old) => immutable('spec.selector', specOf(object).selector, specOf(old).selector),
} satisfies Strategy;

export const deployment: Strategy = {
  ...workload,
  defaults(object) {
    const spec = specOf(object);
    spec.replicas ??= 1;
    const strategy = isObject(spec.strategy) ? spec.strategy : (spec.strategy = {});
    strategy.type ??= 'RollingUpdate';
    if (strategy.type === 'RollingUpdate') {
      const rolling = isObject(strategy.rollingUpdate) ? strategy.rollingUpdate : (strategy.rollingUpdate = {});
      rolling.maxUnavailable ??= '25%';
      rolling.maxSurge ??= '25%';
    }
    spec.revisionHistoryLimit ??= 10;
    spec.progressDeadlineSeconds ??= 600;
    defaultTemplate(spec);
  },
};

export const replicaSet: Strategy = {
  ...workload,
  defaults(object) {
    const spec = specOf(object);
    spec.replicas ??= 1;
    defaultTemplate(spec);
  },
};

const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation';

export const daemonSet: Strategy = {
  ...workload,
  // A missing selector is told as one that does not match.
  optional: ['spec.selector'],
  defaults(object) {
    const spec = specOf(object);
    const strategy = isObject(spec.updateStrategy) ? spec.updateStrategy : (spec.updateStrategy = {});
    strategy.type ??= 'RollingUpdate';
    if (strategy.type === 'RollingUpdate') {
      const rolling = isObject(strategy.rollingUpdate) ? strategy.rollingUpdate : (strategy.rollingUpdate = {});
      rolling.maxUnavailable ??= 1;
      rolling.maxSurge ??= 0;
    }
    spec.revisionHistoryLimit ??= 10;
    defaultTemplate(spec);
    object.metadata.annotations = { [TEMPLATE_GENERATION]: '0', ...object.metadata.annotations };
  },
  create(object) {
    object.metadata.annotations = { ...object.metadata.annotations, [TEMPLATE_GENERATION]: '1' };
  },
  update(object, old) {
    const before = Number(old.metadata.annotations?.[TEMPLATE_GENERATION] ?? '1');
    const isSame = equal(specOf(object).template, specOf(old).template);
    object.metadata.annotations = {
      ...object.metadata.annotations,
      [TEMPLATE_GENERATION]: String(isSame ? before : before + 1),
    };
  },
};

export const statefulSet: Strategy = {
  ...workload,
  defaults(object) {
    const spec = specOf(object);
    spec.replicas ??= 1;
    spec.podManagementPolicy ??= 'OrderedReady';
    const strategy = isObject(spec.updateStrategy) ? spec.updateStrategy : (spec.updateStrategy = {});
    strategy.type ??= 'RollingUpdate';
    if (strategy.type === 'RollingUpdate') {
      const rolling = isObject(strategy.rollingUpdate) ? strategy.rollingUpdate : (strategy.rollingUpdate = {});
      rolling.partition ??= 0;
    }
    spec.revisionHistoryLimit ??= 10;
    spec.persistentVolumeClaimRetentionPolicy ??= { whenDeleted: 'Retain', whenScaled: 'Retain' };
    for (const claim of Array.isArray(spec.volumeClaimTemplates) ? spec.volumeClaimTemplates : []) {
      if (!isObject(claim)) continue;
      claim.kind = 'PersistentVolumeClaim';
      claim.apiVersion = 'v1';
      if (isObject(claim.spec)) claim.spec.volumeMode ??= 'Filesystem';
      claim.status = { phase: 'Pending' };
    }
    defaultTemplate(spec);
  },
};

export const job: Strategy = {
  tracksGeneration: true,
  defaults(object) {
    const spec = specOf(object);
    if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1;
    spec.parallelism ??= 1;
    spec.backoffLimit ??= 6;
    spec.completionMode ??= 'NonIndexed';
    spec.suspend ??= false;
    spec.manualSelector ??= false;
    spec.podReplacementPolicy ??= 'TerminatingOrFailed';
    defaultTemplate(spec);
  },
  create(object) {
    const spec = specOf(object);
    if (spec.manualSelector === true) return;
    const uid = (object.metadata.uid ??= randomUUID());
    const name = object.metadata.name;
    const labels = {
      'batch.kubernetes.io/controller-uid': uid,
      'batch.kubernetes.io/job-name': name,
      'controller-uid': uid,
      'job-name': name,
    };
    spec.selector = { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } };
    const inner = template(spec);
    const meta = isObject(inner.metadata) ? inner.metadata : (inner.metadata = {});
    meta.labels = { ...(isObject(meta.labels) ? meta.labels : {}), ...labels };
    // A job without labels of its own takes those of its template.
    object.metadata.labels ??= { ...(meta.labels as Record<string, string>) };
  },
  validate: (object) =>
    validatePodSpec((at(asJson(object), 'spec', 'template', 'spec') ?? {}) as JsonObject, 'spec.template.spec'),
  validateUpdate: (object, old) => [
    ...immutable('spec.completions', specOf(object).completions, specOf(old).completions),
    ...immutable('spec.selector', specOf(object).selector, specOf(old).selector),
    ...immutable('spec.template', specOf(object).template, specOf(old).template),
  ],
  fields: { 'status.successful': (object) => text(at(asJson(object), 'status', 'succeeded') ?? 0) },
};

export const cronJob: Strategy = {
  tracksGeneration: true,
  defaults(object) {
    const spec = specOf(object);
    spec.concurrencyPolicy ??= 'Allow';
    spec.suspend ??= false;
    spec.successfulJobsHistoryLimit ??= 3;
    spec.failedJobsHistoryLimit ??= 1;
    const inner = at(spec, 'jobTemplate', 'spec');
    if (isObject(inner)) defaultTemplate(inner);
  },
};

function priorityOf(lookup: Lookup): (name: string) => number | undefined {
  return (name) => {
    const found = lookup.get('scheduling.k8s.io/priorityclasses', name);
    return found ? Number(at(asJson(found), 'value') ?? 0) : undefined;
  };
}

/** Fields of a pod's spec that may change while it lives. */
const MUTABLE = [
  'activeDeadlineSeconds',
  'tolerations',
  'terminationGracePeriodSeconds',
  'schedulingGates',
  'containers',
  'initContainers',
  'nodeName',
];

export const pod: Strategy = {
  tracksGeneration: true,
  returnsDeleted: true,
  defaults(object) {
    defaultPodSpec(specOf(object));
    defaultRunningPod(specOf(object));
  },
  create(object, lookup) {
    const spec = specOf(object);
    admitPodSpec(spec, priorityOf(lookup));
    asJson(object).status = { phase: 'Pending', qosClass: qosClass(spec) };
  },
  validate: (object) => validatePodSpec(specOf(object), 'spec'),
  validateUpdate(object, old) {
    const [now, before] = [specOf(object), specOf(old)];
    const withoutImages = (spec: JsonObject): Json =>
      Object.fromEntries(
        Object.entries(spec)
          .filter(([key]) => !MUTABLE.includes(key))
          .concat([['containers', imageless(spec.containers)]]),
      );
    if (equal(withoutImages(now), withoutImages(before))) return [];
    return [
      {
        reason: 'FieldValueForbidden',
        message:
          'Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
        field: 'spec',
      },
    ];
  },
  fields: {
    'spec.nodeName': (object) => text(specOf(object).nodeName),
    'spec.restartPolicy': (object) => text(specOf(object).restartPolicy),
    'spec.schedulerName': (object) => text(specOf(object).schedulerName),
    'spec.serviceAccountName': (object) => text(specOf(object).serviceAccountName),
    'spec.hostNetwork': (object) => String(specOf(object).hostNetwork === true),
    'status.phase': (object) => textAt(asJson(object), 'status', 'phase'),
    'status.podIP': (object) => textAt(asJson(object), 'status', 'podIP'),
    'status.nominatedNodeName': (object) => textAt(asJson(object), 'status', 'nominatedNodeName'),
  },
};

function imageless(containers: Json | undefined): Json {
  if (!Array.isArray(containers)) return [];
  return containers.map((container) => (isObject(container) ? { ...container, image: '' } : container));
}

export const podTemplate: Strategy = { returnsDeleted: true, validate: () => [] };

export const disruptionBudget: Strategy = {
  tracksGeneration: true,
  needsVersion: true,
  validate(object) {
    const spec = specOf(object);
    if (spec.minAvailable === undefined || spec.maxUnavailable === undefined) return [];
    return [invalidValue('spec', spec, 'minAvailable and maxUnavailable cannot be both set')];
  },
};
