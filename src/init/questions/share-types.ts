import { didYouMean } from '../../core/nearest.ts';
import { matchesPattern } from '../../resources/storage-classes/names.ts';
import { classify } from '../../resources/storage-classes/usable.ts';
import type { ShareType } from '../../openstack/types.ts';
import type { CloudFacts } from '../cloud-facts.ts';
import type { Question, View } from '../question.ts';

/** All that can have a class, also those that are made later. */
export const ALL = '*';
/** Ticked where one more is wanted; what it is called is the next question. On the command line its name says it. */
export const NEW = '+';

export const shareTypes: Question<'shareTypes'> = {
  inFile: (file) => file.storageClasses?.include ?? (file.storageClasses || file.shareTypes ? [ALL] : undefined),
  look({ cloud, file, answers }) {
    if (!cloud)
      return {
        state: 'open',
        suggestion: ALL,
        hint: `names with commas, or ${ALL} for all`,
        otherwise: { answer: [ALL], because: '--share-type names no single ones' },
      };
    const usable = usableTypes(cloud);
    const planned = (file?.shareTypes ?? []).filter(({ name }) => !cloud.types.some((type) => type.name === name));
    const mayMake = cloud.pools !== undefined;
    if (usable.length + planned.length === 0) {
      if (mayMake) return { state: 'settled', answer: [ALL], because: 'the cloud has none yet that a driver can use' };
      return { state: 'impossible', ...nothingToUse(cloud) };
    }
    if (answers.newType !== undefined) return { state: 'settled', answer: [NEW], because: '--new-share-type' };
    const names = [...usable.map(({ name }) => name), ...planned.map(({ name }) => name)];
    const choices = [
      { value: ALL, name: 'all', hint: `and those to come; now ${names.join(', ')}` },
      ...planned.map(({ name }) => ({ value: name, name, hint: 'in the file; not made yet' })),
      ...usable.map((type) => ({ value: type.name, name: type.name, hint: describe(type) })),
      ...(mayMake ? [{ value: NEW, name: 'a new one', hint: 'made as you say next' }] : []),
    ];
    const before = file?.storageClasses?.include?.filter((name) => choices.some(({ value }) => value === name));
    return { state: 'open', choices, ticked: before?.length ? before : [ALL] };
  },
  problem(names, view) {
    if (names.includes(ALL) && names.some((name) => name !== ALL && name !== NEW)) {
      return 'say all and single ones at once; take one or the other';
    }
    const problems = names.flatMap((name) => problemOf(name, view) ?? []);
    return problems.length === 0 ? undefined : problems.join('; ');
  },
  edits(names, { answers, file }) {
    const added = answers.newType === undefined ? [] : [answers.newType];
    const include = [...new Set([...names.filter((name) => name !== NEW), ...added])];
    if (!include.includes(ALL)) return [{ path: ['storageClasses', 'include'], value: include }];
    // The default; said all the same where nothing else would be in the section, which `plan` then would not look at.
    return [{ path: ['storageClasses', 'include'], value: file?.storageClasses ? undefined : [ALL] }];
  },
};

/** Share types whose volumes can work by what the cloud shows. */
export function usableTypes(cloud: CloudFacts): ShareType[] {
  return cloud.types.filter((type) => whyNoClass(type, cloud) === undefined);
}

/** Why a type can have no class, as the end of a sentence; share networks are not looked at yet. */
function whyNoClass(type: ShareType, { pools }: CloudFacts): string | undefined {
  const rules = { include: [ALL], exclude: [], protocols: ['NFS'] as const };
  return classify(type, rules, { pools, visible: new Set([type.id]), project: '', shareNetworks: [] }).reason;
}

function problemOf(name: string, { cloud, file, answers }: View): string | undefined {
  if (!cloud || name.includes('*') || name === NEW || name === answers.newType) return undefined;
  if (file?.shareTypes?.some((type) => type.name === name)) return undefined;
  const type = cloud.types.find((one) => one.name === name);
  const known = cloud.types.map((one) => one.name);
  if (!type) return `has ${JSON.stringify(name)}, which is no share type of the cloud${didYouMean(name, known)}`;
  const why = whyNoClass(type, cloud);
  return why === undefined ? undefined : `has ${JSON.stringify(name)}, which cannot have a class: ${why}`;
}

function describe({ description, isPublic, extraSpecs, isDefault }: ShareType): string {
  const snapshots = /true/i.test(extraSpecs.snapshot_support ?? '');
  const backEnd = extraSpecs.share_backend_name;
  return [
    description,
    backEnd && `on ${backEnd}`,
    snapshots ? 'snapshots' : '',
    isPublic ? '' : 'private',
    isDefault ? "Manila's default" : '',
  ]
    .filter(Boolean)
    .join(', ');
}

function nothingToUse(cloud: CloudFacts): { message: string; remedy: string } {
  const why = cloud.types.map((type) => `\n  ${type.name}: ${whyNoClass(type, cloud) ?? ''}`);
  const user = JSON.stringify(cloud.identity.user.name);
  return {
    message:
      cloud.types.length === 0
        ? `the cloud shows user ${user} no share types, and only an administrator of Manila can make one`
        : `none of the cloud's share types can be used by the driver, and only an administrator of Manila can make one:${why.join('')}`,
    remedy:
      'log in as an administrator (--os-cloud), or have the operator make one: openstack share type create NAME False',
  };
}

/** Names of the types that get a class by the answers. */
export function chosenTypes({ answers, cloud, file }: View): string[] {
  const wanted = answers.shareTypes ?? [];
  const known = [
    ...(file?.shareTypes ?? []).map(({ name }) => name),
    ...(cloud ? usableTypes(cloud).map(({ name }) => name) : []),
  ];
  const names = [
    ...(answers.newType === undefined ? [] : [answers.newType]),
    ...known.filter((name) => wanted.some((pattern) => matchesPattern(pattern, name))),
    ...(cloud ? [] : wanted.filter((name) => !name.includes('*'))),
  ];
  return [...new Set(names)];
}
