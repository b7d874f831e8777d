import { isOurs } from '../../resources/ownership.ts';
import { isDefault, typeNameOf } from '../../resources/storage-classes/class.ts';
import { fileFirst, type Question, SKIP } from '../question.ts';
import { chosenTypes } from './share-types.ts';

const NONE = 'none';

export const defaultClass: Question<'defaultClass'> = {
  inFile: (file) => file.storageClasses?.default,
  look(view) {
    const { cluster, file } = view;
    const types = chosenTypes(view);
    if (types.length === 0) return SKIP;
    const present = cluster?.classes?.find(isDefault);
    const ours = present && isOurs(present) ? typeNameOf(present) : undefined;
    const foreign = present && ours === undefined ? present.metadata.name : undefined;
    const none = {
      value: NONE,
      name: foreign === undefined ? 'no class of Manila' : `${foreign}, as now`,
      hint: foreign === undefined ? 'such claims wait, or fail' : 'it stays the default of the cluster',
    };
    const named = types.map((name) => ({
      value: name,
      name,
      hint: name === ours ? 'the default now' : foreign === undefined ? 'the cluster has no default class' : '',
    }));
    const choices = foreign === undefined ? [...named.sort(first(ours)), none] : [none, ...named];
    return {
      state: 'open',
      choices: fileFirst(choices, file?.storageClasses?.default),
      otherwise: { answer: NONE, because: '--default-class names no other' },
    };
  },
  problem(name, view) {
    const types = chosenTypes(view);
    if (name === NONE || !view.cloud || types.includes(name)) return undefined;
    return `is none of the share types that get a class: ${types.join(', ') || 'there are none'}`;
  },
  edits: (name) => [
    {
      path: ['storageClasses', 'default'],
      value: name === NONE ? undefined : name,
      comment: "this share type's class is the cluster's default",
    },
  ],
};

function first(name: string | undefined) {
  return (a: { value: string }, b: { value: string }): number => Number(b.value === name) - Number(a.value === name);
}
