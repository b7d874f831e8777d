import { didYouMean } from '../../core/nearest.ts';
import { fileFirst, type Question, SKIP } from '../question.ts';

/** Name that the kubeconfig of a pod's ServiceAccount is given; in a file it would mean nothing. */
const IN_CLUSTER = 'in-cluster';

export const context: Question<'context'> = {
  inFile: (file) => file.cluster?.context,
  look({ contexts, file, reopened }) {
    if (!contexts) return SKIP;
    const { current, source } = contexts;
    const [only, ...more] = contexts.contexts;
    if (only && more.length === 0 && !reopened.has('context')) {
      return { state: 'settled', answer: only.name, because: `the only context of ${source}` };
    }
    const choices = contexts.contexts
      .map(({ name, server, user }) => ({
        value: name,
        name,
        hint: [name === current ? 'the current context' : '', server ?? '', user && `user ${user}`]
          .filter(Boolean)
          .join(', '),
      }))
      .sort((a, b) => Number(b.value === current) - Number(a.value === current));
    return {
      state: 'open',
      choices: fileFirst(choices, file?.cluster?.context),
      ...(current === undefined ? {} : { otherwise: { answer: current, because: 'the current context' } }),
    };
  },
  problem(name, { contexts }) {
    const names = contexts?.contexts.map((one) => one.name) ?? [];
    if (names.includes(name)) return undefined;
    return contexts
      ? `is no context of the kubeconfig ${contexts.source}${didYouMean(name, names)}; it has ${names.join(', ') || 'none'}`
      : 'cannot be found: there is no kubeconfig';
  },
  edits: (name) =>
    name === IN_CLUSTER ? [] : [{ path: ['cluster', 'context'], value: name, comment: 'of the kubeconfig' }],
};
