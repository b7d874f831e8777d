/**
 * Every question of the wizard, in the order in which they are asked. One row makes the prompt, the flag, the line in
 * `init --help`, the entry in the list of what is missing, and the word in the equivalent command, so that none of
 * them can say something else than the others. What there is to choose from is in `questions/`, by the same id.
 */
export interface QuestionRow {
  /** With its two dashes. Global flags are those of every command. */
  flag: string;
  /** Written after the flag in the help. Where there is none, the flag is a global one and has its help there. */
  value?: string;
  /** In the help. */
  help?: string;
  /** On the screen. */
  prompt: string;
  /** May it be given several times, or hold several with commas? */
  takes: 'one' | 'many' | 'list';
  /** What has to be looked at before it can be asked. */
  needs: readonly ('cloud' | 'cluster')[];
}

export const QUESTIONS = {
  cloud: { flag: '--os-cloud', prompt: 'Which OpenStack cloud?', takes: 'one', needs: [] },
  context: { flag: '--context', prompt: 'Which Kubernetes cluster?', takes: 'one', needs: [] },
  region: { flag: '--os-region-name', prompt: 'Which region?', takes: 'one', needs: ['cloud'] },
  namespace: { flag: '--namespace', prompt: 'Which namespace for the drivers?', takes: 'one', needs: ['cluster'] },
  project: {
    flag: '--project',
    value: '<name>',
    help: 'OpenStack project that owns the shares; a service user is made in it',
    prompt: 'Whose shares will the volumes be?',
    takes: 'one',
    needs: ['cloud', 'cluster'],
  },
  credentialCloud: {
    flag: '--credential-cloud',
    value: '<name>',
    help: 'instead of --project: clouds.yaml entry whose user makes the credential for itself',
    prompt: 'Which clouds.yaml entry do the drivers log in by?',
    takes: 'one',
    needs: ['cloud', 'cluster'],
  },
  shareTypes: {
    flag: '--share-type',
    value: '<name>',
    help: "share type that gets a StorageClass (repeatable); '*' for all, also those to come",
    prompt: 'Which share types get a StorageClass?',
    takes: 'many',
    needs: ['cloud', 'cluster'],
  },
  newType: {
    flag: '--new-share-type',
    value: '<name>',
    help: 'share type to make, as administrator of Manila',
    prompt: 'Name of the new share type?',
    takes: 'one',
    needs: ['cloud'],
  },
  backEnd: {
    flag: '--back-end',
    value: '<name>',
    help: 'back end of the new share type, or "any"',
    prompt: 'On which back end?',
    takes: 'one',
    needs: ['cloud'],
  },
  snapshots: {
    flag: '--snapshots',
    value: '<yes|no>',
    help: 'can shares of the new share type have snapshots, and become new shares?',
    prompt: 'Snapshots of its shares?',
    takes: 'one',
    needs: ['cloud'],
  },
  defaultClass: {
    flag: '--default-class',
    value: '<share type>',
    help: 'share type whose class is the default of the cluster, or "none"',
    prompt: 'For claims that name no class?',
    takes: 'one',
    needs: ['cloud', 'cluster'],
  },
  shareClients: {
    flag: '--share-clients',
    value: '<list>',
    help: 'addresses and CIDRs that may mount, with commas: the network of the nodes; "auto" to have Neutron asked',
    prompt: 'Who may mount the shares?',
    takes: 'list',
    needs: ['cloud', 'cluster'],
  },
} as const satisfies Record<string, QuestionRow>;

export type QuestionId = keyof typeof QUESTIONS;

export const QUESTION_IDS = Object.keys(QUESTIONS) as QuestionId[];

type Takes<K extends QuestionId> = (typeof QUESTIONS)[K]['takes'];

/** Answers as they stand on the command line: a text, or several. */
export type AnswerOf<K extends QuestionId> = K extends QuestionId
  ? Takes<K> extends 'one'
    ? string
    : readonly string[]
  : never;
export type AnyAnswer = AnswerOf<QuestionId>;
export type Answers = { [K in QuestionId]?: AnswerOf<K> };

export function questionRow(id: QuestionId): QuestionRow {
  return QUESTIONS[id];
}
