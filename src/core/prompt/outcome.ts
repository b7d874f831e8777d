import { useEffect } from '@inquirer/core';

/** How a question ended: with an answer, with the wish to see the one before it, or because the input is over. */
export type Outcome<V> = { answer: V } | 'back' | 'closed';

/** Colours that a prompt uses; each gives its text back unchanged where there is to be no colour. */
export interface PromptStyle {
  bold(text: string): string;
  dim(text: string): string;
  mark(text: string): string;
  error(text: string): string;
}

/** Ctrl-D and a terminal that goes away close readline without a word; without this the prompt would wait forever. */
export function useClosed(closed: () => void): void {
  useEffect((rl) => {
    const readline = rl as unknown as NodeJS.EventEmitter;
    readline.once('close', closed);
    return () => readline.removeListener('close', closed);
  }, []);
}
