import { didYouMean } from '../../core/nearest.ts';
import { fileFirst, type Question, SKIP } from '../question.ts';

export const credentialCloud: Question<'credentialCloud'> = {
  inFile: (file) => file.credential?.cloud,
  look({ cloud, cluster, clouds: { entries }, answers, file }) {
    if (answers.project !== undefined && answers.project !== '') return SKIP;
    const held = cluster?.installed?.credential?.cloud;
    if (held !== undefined) return { state: 'settled', answer: held, because: "the drivers' Secret is of that entry" };
    const usable = entries.filter(({ name }) => name !== answers.cloud || !isAdministrator());
    const [only, ...more] = usable;
    if (!only) {
      return {
        state: 'impossible',
        message: `the drivers need a login of their own: user ${JSON.stringify(cloud?.identity.user.name)} may not make users at Keystone, and there is no entry of clouds.yaml whose user could make a credential for itself`,
        remedy: 'write a clouds.yaml entry of a user with role member, or log in as an administrator of Keystone',
      };
    }
    if (more.length === 0) {
      return {
        state: 'settled',
        answer: only.name,
        because: 'only administrators of Keystone can make a service user',
      };
    }
    const choices = usable.map(({ name, user, project }) => ({
      value: name,
      name,
      hint: [user && `user ${user}`, project && `project ${project}`, name === answers.cloud ? 'your own login' : '']
        .filter(Boolean)
        .join(', '),
    }));
    return { state: 'open', choices: fileFirst(choices, file?.credential?.cloud) };

    function isAdministrator(): boolean {
      return cloud?.identity.roles.includes('admin') ?? false;
    }
  },
  problem(name, { clouds: { entries, path }, answers }) {
    if (answers.project) return 'goes with no --project: the entry has its own';
    const names = entries.map((entry) => entry.name);
    if (names.includes(name)) return undefined;
    return `is no cloud of ${path ?? 'a clouds.yaml'}${didYouMean(name, names)}; it has ${names.join(', ') || 'none'}`;
  },
  edits: (name) => [
    { path: ['credential', 'cloud'], value: name, comment: 'its user makes the credential for itself' },
    { path: ['credential', 'project'], value: undefined },
    { path: ['credential', 'user'], value: undefined },
  ],
};
