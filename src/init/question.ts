import type { ConfigFile } from '../config/types.ts';
import type { Choice } from '../core/prompt/choose.ts';
import type { OfferedContexts } from '../kube/kubeconfig.ts';
import type { OfferedClouds } from '../openstack/clouds.ts';
import type { CloudFacts } from './cloud-facts.ts';
import type { ClusterFacts } from './cluster-facts.ts';
import type { AnswerOf, Answers, QuestionId } from './question-table.ts';

/** Everything that is known when a question is looked at. */
export interface View {
  clouds: OfferedClouds;
  /** Undefined where there is no kubeconfig. */
  contexts: OfferedContexts | undefined;
  /** Undefined where the cloud is not looked at. */
  cloud: CloudFacts | undefined;
  /** Undefined where the cluster is not looked at. */
  cluster: ClusterFacts | undefined;
  /** CIDRs of the nodes' subnets; undefined where Neutron does not tell. */
  subnets: readonly string[] | undefined;
  /** Answers to the questions before. */
  answers: Answers;
  /** The file as it is; undefined where there is none. */
  file: ConfigFile | undefined;
  /** Questions that are asked again although they were settled. */
  reopened: ReadonlySet<QuestionId>;
}

/** One value of the file to set, or to take out where it is undefined. */
export interface Edit {
  path: readonly (string | number)[];
  value: unknown;
  /** Behind the key, where the key is new. */
  comment?: string;
}

export interface Open<A> {
  state: 'open';
  /** Best first; without any a text is typed. */
  choices?: readonly Choice<string>[];
  /** May several be taken? Then these are ticked at the start. */
  ticked?: readonly string[];
  /** Of a text: taken where nothing is typed. */
  suggestion?: string;
  /** Beside a text. */
  hint?: string;
  /** What is taken where nobody can be asked; without it the answer is missing there. */
  otherwise?: { answer: A; because: string };
}

/** How a question stands by what is known. */
export type Look<A> =
  /** It does not arise. */
  | { state: 'skip' }
  /** There is only one answer. With `certain` it is that of the file that gives way. */
  | { state: 'settled'; answer: A; because: string; certain?: boolean }
  /** There is no answer, and nothing to go on with. */
  | { state: 'impossible'; message: string; remedy: string }
  | Open<A>;

export interface Question<K extends QuestionId> {
  /** What the file says. */
  inFile: (file: ConfigFile) => AnswerOf<K> | undefined;
  look: (view: View) => Look<AnswerOf<K>>;
  /** What is wrong with an answer, as the end of a sentence; undefined where nothing is. */
  problem?: (answer: AnswerOf<K>, view: View) => string | undefined;
  /** What the answer is in the file. `view.answers` has all answers by then. */
  edits: (answer: AnswerOf<K>, view: View) => Edit[];
}

export const SKIP = { state: 'skip' } as const;

/** The choice that the file has, in front and marked. */
export function fileFirst(choices: readonly Choice<string>[], inFile: string | undefined): Choice<string>[] {
  const own = choices.find(({ value }) => value === inFile);
  if (!own) return [...choices];
  return [
    { ...own, hint: `as the file has it${own.hint ? `; ${own.hint}` : ''}` },
    ...choices.filter((one) => one !== own),
  ];
}
