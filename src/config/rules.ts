import { nameKey } from '../core/database-text.ts';
import { withDefaults } from './defaults.ts';
import { type SoundPart, within } from './sound-part.ts';
import type { ConfigSource } from './source.ts';
import type { ConfigFile, ConfigPath } from './types.ts';
import type { Fault } from './validate.ts';

/** Tells of one more fault: where, and in which words. Paths are those of the sound part. */
type Say = (path: ConfigPath, sentence: string) => void;

/** What is wrong besides with the sound part of a file, that its schema cannot say. `known` are the schema's faults. */
export function brokenRules(sound: SoundPart, known: readonly Fault[], source: ConfigSource): Fault[] {
  const file = sound.data as ConfigFile;
  const faults: Fault[] = [];
  const where = (path: ConfigPath): string => source.where(sound.inFile(path));
  const say: Say = (path, sentence) => {
    faults.push({ path: sound.inFile(path), message: `${where(path)}: ${sentence}` });
  };
  const isSound = (path: ConfigPath): boolean => !known.some((fault) => within(fault.path, sound.inFile(path)));
  duplicates(file, where, say);
  wrongTenants(file, { where, say, isSound });
  return faults;
}

/** Names that Manila's database takes for the same are the same in the file. */
function duplicates(file: ConfigFile, where: (path: ConfigPath) => string, say: Say): void {
  const seenTypes = new Map<string, number>();
  file.shareTypes?.forEach(({ name }, index) => {
    const first = seenTypes.get(nameKey(name));
    if (first === undefined) seenTypes.set(nameKey(name), index);
    else {
      const place = where(['shareTypes', first, 'name']);
      say(
        ['shareTypes', index, 'name'],
        `share type ${JSON.stringify(name)} is there twice (first at ${place}; Manila does not tell names apart by case, accents or blanks at the end)`,
      );
    }
  });
  const seenQuotas = new Map<string, number>();
  file.quotas?.forEach(({ project }, index) => {
    const first = seenQuotas.get(project);
    if (first === undefined) seenQuotas.set(project, index);
    else {
      const place = where(['quotas', first, 'project']);
      say(
        ['quotas', index, 'project'],
        `quotas of project ${JSON.stringify(project)} are there twice (first at ${place})`,
      );
    }
  });
}

interface Rulings {
  where: (path: ConfigPath) => string;
  say: Say;
  /** What lost a part does not lack it. */
  isSound: (path: ConfigPath) => boolean;
}

function wrongTenants(file: ConfigFile, { where, say: sayAt, isSound }: Rulings): void {
  const { tenants = [], credential } = file;
  const { namespace: driversNamespace } = withDefaults(file).cluster;
  const namespaces = new Map<string, string>();
  const users = new Map<string, string>();
  if (credential?.user !== undefined) users.set(credential.user, where(['credential', 'user']));
  tenants.forEach(({ namespace, project, cloud, user }, index) => {
    const at = (key: string): string => where(['tenants', index, key]);
    const say = (key: string, sentence: string): void => sayAt(['tenants', index, key], sentence);
    const first = namespaces.get(namespace);
    if (first !== undefined) say('namespace', `tenant ${namespace} is there twice (first at ${first})`);
    else namespaces.set(namespace, at('namespace'));
    if (namespace === driversNamespace && isSound(['cluster'])) {
      say('namespace', `${namespace} is the drivers' own namespace, whose Secrets no tenant may see`);
    }
    if (project === undefined && cloud === undefined && isSound(['tenants', index]))
      say('namespace', `tenant ${namespace} lacks "project" or "cloud"`);
    if (cloud !== undefined && (project ?? user) !== undefined) {
      say('cloud', `tenant ${namespace} names both a cloud, whose entry has its project and user, and one of these`);
    }
    if (user === undefined || user === 'create') return;
    const other = users.get(user);
    if (other !== undefined) say('user', `user ${JSON.stringify(user)} is there twice (first at ${other})`);
    else users.set(user, at('user'));
  });
}
