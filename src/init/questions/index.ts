import type { Question } from '../question.ts';
import type { QuestionId } from '../question-table.ts';
import { cloud } from './cloud.ts';
import { context } from './context.ts';
import { credentialCloud } from './credential-cloud.ts';
import { defaultClass } from './default-class.ts';
import { namespace } from './namespace.ts';
import { backEnd, newType, snapshots } from './new-type.ts';
import { project } from './project.ts';
import { region } from './region.ts';
import { shareClients } from './share-clients.ts';
import { shareTypes } from './share-types.ts';

const ALL: { [K in QuestionId]: Question<K> } = {
  cloud,
  context,
  region,
  namespace,
  project,
  credentialCloud,
  shareTypes,
  newType,
  backEnd,
  snapshots,
  defaultClass,
  shareClients,
};

export function question<K extends QuestionId>(id: K): Question<K> {
  return ALL[id];
}
