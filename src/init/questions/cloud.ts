import { didYouMean } from '../../core/nearest.ts';
import type { CloudEntry } from '../../openstack/clouds.ts';
import { fileFirst, type Question } from '../question.ts';

/** An empty answer means the OS_* variables. */
export const cloud: Question<'cloud'> = {
  inFile: (file) => file.cloud?.name,
  look({ clouds: { chosen, entries, path }, file, reopened }) {
    const choices = fileFirst(
      [...entries]
        .sort((a, b) => Number(looksLikeAdmin(b)) - Number(looksLikeAdmin(a)))
        .map((entry) => ({
          value: entry.name,
          name: entry.name,
          hint: describe(entry),
        })),
      file?.cloud?.name,
    );
    if (reopened.has('cloud')) return { state: 'open', choices };
    if (chosen) return { state: 'settled', answer: chosen.name ?? '', because: chosen.by, certain: true };
    const [only, ...more] = entries;
    if (more.length > 0) return { state: 'open', choices };
    return {
      state: 'settled',
      answer: only?.name ?? '',
      because: only ? `the only entry of ${path ?? ''}` : 'no clouds.yaml',
    };
  },
  problem(name, { clouds: { entries, path } }) {
    const names = entries.map((entry) => entry.name);
    if (name === '' || names.includes(name) || path === undefined) return undefined;
    return `is no cloud of ${path}${didYouMean(name, names)}; it has ${names.join(', ') || 'none'}`;
  },
  edits: (name) => [
    { path: ['cloud', 'name'], value: name === '' ? undefined : name, comment: 'an entry of clouds.yaml' },
  ],
};

/** Nothing but names to go by: no login is made before one is chosen. */
function looksLikeAdmin({ name, user }: CloudEntry): boolean {
  return /admin/i.test(`${name} ${user ?? ''}`);
}

function describe(entry: CloudEntry): string {
  const { user, project, authUrl } = entry;
  const parts = [user && `user ${user}`, project && `project ${project}`, authUrl].filter((part) => part);
  return `${parts.join(', ')}${looksLikeAdmin(entry) ? '; an administrator, by the name: share types need one' : ''}`;
}
