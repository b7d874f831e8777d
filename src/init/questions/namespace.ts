import { DEFAULT_NAMESPACE } from '../../drivers/names.ts';
import { isOurs } from '../../resources/ownership.ts';
import type { Question } from '../question.ts';

const ENFORCE = 'pod-security.kubernetes.io/enforce';

export const namespace: Question<'namespace'> = {
  inFile: (file) => file.cluster?.namespace,
  look({ cluster }) {
    if (cluster?.installed) {
      const { namespace: name } = cluster.installed;
      return { state: 'settled', answer: name, because: 'the drivers are there', certain: true };
    }
    const taken = cluster?.namespaces?.find(({ metadata }) => metadata.name === DEFAULT_NAMESPACE);
    const level = taken?.metadata.labels?.[ENFORCE] ?? 'privileged';
    if (!taken || isOurs(taken) || level === 'privileged') {
      return { state: 'settled', answer: DEFAULT_NAMESPACE, because: 'the default' };
    }
    return {
      state: 'open',
      suggestion: `${DEFAULT_NAMESPACE}-nfs`,
      hint: `${DEFAULT_NAMESPACE} admits ${level} pods only, and a node plugin mounts on the host`,
    };
  },
  problem: (name) =>
    /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)
      ? undefined
      : 'is no name of a namespace: lower-case letters, digits and dashes, at most 63',
  edits: (name) => [{ path: ['cluster', 'namespace'], value: name === DEFAULT_NAMESPACE ? undefined : name }],
};
