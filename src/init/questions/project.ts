import { didYouMean } from '../../core/nearest.ts';
import type { Project } from '../../openstack/identity-admin.ts';
import type { CloudFacts } from '../cloud-facts.ts';
import { fileFirst, type Question, SKIP } from '../question.ts';

/** An empty answer means that an entry of clouds.yaml logs in for itself. */
export const project: Question<'project'> = {
  inFile: (file) => file.credential?.project ?? (file.credential?.cloud === undefined ? undefined : ''),
  look({ cloud, cluster, answers, file, clouds }) {
    if (answers.credentialCloud !== undefined) return SKIP;
    const held = cluster?.installed?.credential;
    if (held?.cloud !== undefined) return SKIP;
    if (held && held.projectName !== '') {
      return { state: 'settled', answer: nameOf(held, cloud), because: "the drivers' Secret has a credential of it" };
    }
    if (!cloud) return { state: 'open', hint: 'a project of the cloud, by name or id' };
    if (!cloud.isKeystoneAdmin) return SKIP;
    const choices = fileFirst(
      [...cloud.projects]
        .sort((a, b) => rank(a, cloud) - rank(b, cloud))
        .map((one) => ({
          value: isAlone(one, cloud) ? one.name : one.id,
          name: isAlone(one, cloud) ? one.name : `${one.name} (domain ${one.domainId})`,
          hint: HINTS[rank(one, cloud)],
        })),
      file?.credential?.project,
    );
    const other = { value: '', name: 'none of these', hint: 'an entry of clouds.yaml makes the credential for itself' };
    return { state: 'open', choices: clouds.entries.length > 0 ? [...choices, other] : choices };
  },
  problem(name, { cloud }) {
    if (name === '' || !cloud?.isKeystoneAdmin) return undefined;
    const found = cloud.projects.filter((one) => one.name === name || one.id === name);
    if (found.length === 1) return undefined;
    const names = cloud.projects.map((one) => one.name);
    return found.length === 0
      ? `is no project of the cloud${didYouMean(name, names)}; make it with: openstack project create ${name}`
      : `is the name of ${found.length} projects; give the id: ${found.map(({ id }) => id).join(', ')}`;
  },
  edits: (name) =>
    name === ''
      ? []
      : [
          { path: ['credential', 'project'], value: name, comment: 'owns the shares' },
          { path: ['credential', 'cloud'], value: undefined },
        ],
};

const HINTS = [
  'a service user of the drivers is made in it',
  'the project of your own login',
  "OpenStack's own services",
];

/** A project for shares is neither the administrator's nor that of the services. */
function rank({ name, id }: Project, { identity }: CloudFacts): number {
  if (name === 'service' || name === 'services') return 2;
  return id === identity.project?.id ? 1 : 0;
}

function isAlone({ name }: Project, { projects }: CloudFacts): boolean {
  return projects.filter((one) => one.name === name).length === 1;
}

function nameOf(held: { projectId: string; projectName: string }, cloud: CloudFacts | undefined): string {
  const same = cloud?.projects.filter(({ name }) => name === held.projectName) ?? [];
  return same.length > 1 ? held.projectId : held.projectName;
}
