import type { GlobalOptions } from '../core/context.ts';
import { DEFAULT_NAMESPACE } from '../drivers/names.ts';
import { type Answers, QUESTION_IDS, type QuestionId, questionRow } from './question-table.ts';
import { NEW } from './questions/share-types.ts';

/** `--os-*` flags whose values must stand in no command that is shown. */
const SECRET = /PASSWORD|TOKEN|SECRET/;

export interface CommandFlags {
  skipCloud: boolean;
  skipCluster: boolean;
}

/** The command that gives the same file without a question, ready to be pasted into a shell. */
export function equivalentCommand(answers: Answers, global: GlobalOptions, flags: CommandFlags): string {
  const words = ['manila-rwx', 'init'];
  if (global.file !== undefined) words.push('--file', global.file);
  if (global.kubeconfig !== undefined) words.push('--kubeconfig', global.kubeconfig);
  for (const [variable, value] of Object.entries(global.openstack)) {
    if (variable === 'OS_CLOUD' || variable === 'OS_REGION_NAME' || SECRET.test(variable)) continue;
    words.push(`--${variable.toLowerCase().replaceAll('_', '-')}`, value);
  }
  for (const id of QUESTION_IDS) words.push(...wordsOf(id, answers));
  if (flags.skipCloud) words.push('--skip-cloud');
  if (flags.skipCluster) words.push('--skip-cluster');
  return words.map(quoted).join(' ');
}

function wordsOf(id: QuestionId, answers: Answers): string[] {
  const answer = answers[id];
  const { flag, takes } = questionRow(id);
  if (answer === undefined || answer === '' || (id === 'namespace' && answer === DEFAULT_NAMESPACE)) return [];
  if (typeof answer === 'string') return [flag, answer];
  if (takes === 'list') return [flag, answer.join(',')];
  return answer.filter((one) => one !== NEW).flatMap((one) => [flag, one]);
}

/** A word as a POSIX shell reads it back. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
