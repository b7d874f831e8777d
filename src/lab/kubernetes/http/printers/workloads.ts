import type { Container, Job, Workload } from '../../kinds.ts';
import { type KubeObject, asJson } from '../../objects.ts';
import { at, textAt } from '../../json.ts';
import { type Column, type Printer, AGE, NAME, age, humanDuration, labels, selectorText } from '../columns.ts';

const text = (name: string, priority = 0): Column => ({ name, type: 'string', ...(priority > 0 && { priority }) });
const count = (name: string): Column => ({ name, type: 'integer' });
const WIDE = [text('Containers', 1), text('Images', 1), text('Selector', 1)];

const names = (containers: readonly Container[]): string => containers.map(({ name }) => name).join(',');
const images = (containers: readonly Container[]): string => containers.map(({ image }) => image).join(',');
const number = (value: unknown): number => (typeof value === 'number' ? value : 0);

function wide(object: KubeObject): string[] {
  const { spec } = object as Workload;
  const { containers } = spec.template.spec;
  return [names(containers), images(containers), selectorText(spec.selector)];
}

export const daemonSets: Printer = {
  columns: [
    NAME,
    count('Desired'),
    count('Current'),
    count('Ready'),
    count('Up-to-date'),
    count('Available'),
    text('Node Selector'),
    AGE,
    ...WIDE,
  ],
  cells(object) {
    const { metadata, spec, status } = object as Workload;
    return [
      metadata.name,
      number(status.desiredNumberScheduled),
      number(status.currentNumberScheduled),
      number(status.numberReady),
      number(status.updatedNumberScheduled),
      number(status.numberAvailable),
      labels(spec.template.spec.nodeSelector),
      age(metadata.creationTimestamp),
      ...wide(object),
    ];
  },
};

export const deployments: Printer = {
  columns: [NAME, text('Ready'), text('Up-to-date'), text('Available'), AGE, ...WIDE],
  cells(object) {
    const { metadata, spec, status } = object as Workload;
    return [
      metadata.name,
      `${number(status.readyReplicas)}/${spec.replicas ?? 0}`,
      number(status.updatedReplicas),
      number(status.availableReplicas),
      age(metadata.creationTimestamp),
      ...wide(object),
    ];
  },
};

export const replicaSets: Printer = {
  columns: [NAME, count('Desired'), count('Current'), count('Ready'), AGE, ...WIDE],
  cells(object) {
    const { metadata, spec, status } = object as Workload;
    return [
      metadata.name,
      spec.replicas ?? 0,
      status.replicas ?? 0,
      number(status.readyReplicas),
      age(metadata.creationTimestamp),
      ...wide(object),
    ];
  },
};

export const statefulSets: Printer = {
  columns: [NAME, text('Ready'), AGE, text('Containers', 1), text('Images', 1)],
  cells(object) {
    const { metadata, spec, status } = object as Workload;
    const ready = `${number(status.readyReplicas)}/${spec.replicas ?? 0}`;
    return [metadata.name, ready, age(metadata.creationTimestamp), ...wide(object).slice(0, 2)];
  },
};

export const jobs: Printer = {
  columns: [NAME, text('Status'), text('Completions'), text('Duration'), AGE, ...WIDE],
  cells(object) {
    const { metadata, spec, status } = object as Job;
    const { startTime, completionTime } = status;
    const end = completionTime === undefined ? Date.now() : Date.parse(completionTime);
    return [
      metadata.name,
      jobStatus(object as Job),
      `${status.succeeded ?? 0}/${spec.completions ?? 1}`,
      startTime === undefined ? '' : humanDuration(end - Date.parse(startTime)),
      age(metadata.creationTimestamp),
      ...wide(object),
    ];
  },
};

function jobStatus({ status, metadata }: Job): string {
  const has = (type: string): boolean =>
    status.conditions?.some((one) => one.type === type && one.status === 'True') === true;
  if (has('Complete')) return 'Complete';
  if (has('Failed')) return 'Failed';
  if (metadata.deletionTimestamp !== undefined) return 'Terminating';
  return has('Suspended') ? 'Suspended' : 'Running';
}

export const budgets: Printer = {
  columns: [NAME, text('Min Available'), text('Max Unavailable'), count('Allowed Disruptions'), AGE],
  cells: (object) => [
    object.metadata.name,
    textAt(asJson(object), 'spec', 'minAvailable') || 'N/A',
    textAt(asJson(object), 'spec', 'maxUnavailable') || 'N/A',
    number(at(asJson(object), 'status', 'disruptionsAllowed')),
    age(object.metadata.creationTimestamp),
  ],
};
