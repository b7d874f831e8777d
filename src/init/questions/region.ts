import { fileFirst, type Question, SKIP } from '../question.ts';

export const region: Question<'region'> = {
  inFile: (file) => file.cloud?.region,
  look({ cloud, file }) {
    if (!cloud || cloud.regions.length === 0) return SKIP;
    const choices = cloud.regions.map((name) => ({ value: name, name, hint: 'has Manila' }));
    return { state: 'open', choices: fileFirst(choices, file?.cloud?.region) };
  },
  edits: (name) => [{ path: ['cloud', 'region'], value: name }],
};
