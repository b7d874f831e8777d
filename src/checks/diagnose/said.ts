import { innermost } from '../causes.ts';
import type { Cause, Facts, Said, Stage } from './types.ts';

interface SentenceCause {
  id: string;
  stage: 'provisioning' | 'mounting';
  /** Sentences of the provisioner, the driver, Manila or mount(8) by which it is known. */
  pattern: RegExp;
  summary: (facts: Facts, said: Said, match: RegExpExecArray) => string;
  remedy: (facts: Facts, said: Said, match: RegExpExecArray) => string;
  /** More that has to hold. */
  unless?: (facts: Facts) => boolean;
}

/** A cause that is known by the newest thing that was said about the claim (or the pod). */
export function sentenceCause({ id, stage, pattern, summary, remedy, unless }: SentenceCause): Cause {
  return {
    id,
    stage,
    find: (facts) => {
      const [newest] = saidAt(facts, stage);
      const match = newest && pattern.exec(newest.text);
      if (!newest || !match || unless?.(facts)) return undefined;
      return { summary: summary(facts, newest, match), remedy: remedy(facts, newest, match), evidence: [newest] };
    },
  };
}

/** What counts at a stage: while a claim is not bound what was said of it, later what was said of its pod. */
export function saidAt(facts: Facts, stage: Stage): readonly Said[] {
  const bound = facts.claim.status?.phase === 'Bound';
  if (stage === 'provisioning') return bound ? [] : facts.claimSaid;
  return bound ? facts.podSaid : [];
}

export function parameterOf({ storageClass }: Facts, key: string): string | undefined {
  return storageClass?.parameters?.[key];
}

export function className({ storageClass, claim }: Facts): string {
  return storageClass?.metadata.name ?? claim.spec.storageClassName ?? '';
}

/** What the innermost of a chain of errors said. */
export function core(said: Said): string {
  // gophercloud wraps Manila's answer: its own sentence is the last message in it.
  const message = [...said.text.matchAll(/"message": ?"((?:[^"\\]|\\.)*)"/g)].at(-1)?.[1];
  return message ?? innermost(said.text);
}
