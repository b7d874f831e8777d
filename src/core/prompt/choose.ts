import {
  createPrompt,
  isBackspaceKey,
  isDownKey,
  isEnterKey,
  isUpKey,
  type KeypressEvent,
  useKeypress,
  usePagination,
  useState,
} from '@inquirer/core';
import stringWidth from 'string-width';
import { fit, pad } from './fit.ts';
import { type Outcome, type PromptStyle, useClosed } from './outcome.ts';

export interface Choice<V> {
  value: V;
  name: string;
  /** Why one would take it; shown beside it. */
  hint?: string | undefined;
}

export interface ChooseOptions<V> {
  message: string;
  /** Best first. */
  choices: readonly Choice<V>[];
  /** May several be ticked? Then these are at the start. */
  ticked?: readonly V[] | undefined;
  /** What is wrong with the answer, as a sentence; undefined where nothing is. */
  problem?: (values: V[]) => string | undefined;
  /** Is there a question to go back to? */
  back: boolean;
}

export interface Screen {
  style: PromptStyle;
  columns: number;
  rows: number;
}

/** Said where there is no question to go back to. */
export const FIRST = 'this is the first question; Ctrl-C stops';

const MAX_NAME = 40;
/** Lines around the list: the question, a counter, the keys, an error, and one above. */
const FRAME = 6;

/**
 * One or several of a list: arrow keys move, typing filters, Esc (or the left arrow) goes back. Inquirer's own prompts
 * do either the ticking or the filtering, and none of them goes back.
 */
export const choosePrompt = createPrompt<Outcome<unknown[]>, ChooseOptions<unknown> & Screen>((options, done) => {
  const { style, columns } = options;
  const multiple = options.ticked !== undefined;
  const [filter, setFilter] = useState('');
  const [active, setActive] = useState(0);
  const [ticked, setTicked] = useState<readonly unknown[]>(options.ticked ?? []);
  const [error, setError] = useState('');
  const [end, setEnd] = useState<Outcome<unknown[]>>();
  const shown = matching(options.choices, filter);
  useClosed(() => done('closed'));
  const finish = (outcome: Outcome<unknown[]>): void => {
    setEnd(outcome);
    done(outcome);
  };
  const filterBy = (text: string): void => {
    setFilter(text);
    setActive(0);
  };
  const enter = (): void => {
    const current = shown[active];
    const values = multiple ? inOrder(options.choices, ticked) : [current?.value];
    const problem =
      !multiple && !current
        ? `nothing here has ${JSON.stringify(filter)} in it`
        : values.length === 0
          ? 'tick at least one, with the space bar'
          : options.problem?.(values);
    if (problem === undefined) finish({ answer: values });
    else setError(problem);
  };
  const tick = (): void => {
    const current = shown[active];
    if (!current) return;
    const { value } = current;
    setTicked(ticked.includes(value) ? ticked.filter((one) => one !== value) : [...ticked, value]);
  };
  const move = (step: number): void => {
    const last = shown.length - 1;
    // A single step goes round; a page stops at the ends.
    const next = Math.abs(step) === 1 ? (active + step + shown.length) % shown.length : active + step;
    setActive(Math.max(0, Math.min(last, next)));
  };
  useKeypress((key, rl) => {
    if (end !== undefined) return;
    setError('');
    const step = stepOf(key, pageSize(options));
    if (isEnterKey(key)) {
      // Readline has taken the line with the key; what stays open has to have its filter again.
      rl.write(filter);
      enter();
    } else if (isBack(key, rl.line, filter)) {
      if (filter !== '') {
        rl.clearLine(0);
        filterBy('');
      } else if (options.back) finish('back');
      else setError(FIRST);
    } else if (step !== undefined) move(step);
    else if (multiple && key.name === 'space') {
      rl.clearLine(0);
      rl.write(filter);
      tick();
    } else if (rl.line !== filter) filterBy(rl.line);
  });
  const page = usePagination({
    items: shown,
    active: Math.min(active, Math.max(0, shown.length - 1)),
    pageSize: pageSize(options),
    loop: false,
    renderItem: ({ item, isActive }) =>
      lineOf(item, isActive, multiple ? ticked.includes(item.value) : undefined, options),
  });
  if (end !== undefined) return ended(options, end);
  const below = [
    shown.length === 0 ? style.dim(`  nothing has ${JSON.stringify(fit(filter, 20))} in it; Esc clears it`) : page,
    ...(error === '' ? [] : [style.error(fit(`  ! ${error}`, columns))]),
    style.dim(fit(`  ${keysLine(options, shown.length)}`, columns)),
  ];
  return [`${style.mark('?')} ${style.bold(options.message)} ${filter}`, below.join('\n')];
});

/** One line that stays on the screen. */
function ended({ style, columns, message, choices }: ChooseOptions<unknown> & Screen, end: Outcome<unknown[]>): string {
  if (typeof end === 'string') return style.dim(`< ${message}`);
  const names = choices.filter(({ value }) => end.answer.includes(value)).map(({ name }) => name);
  const room = Math.max(10, columns - stringWidth(message) - 3);
  return `${style.mark('*')} ${message} ${style.mark(fit(names.join(', '), room))}`;
}

function keysLine(options: ChooseOptions<unknown> & Screen, shown: number): string {
  const total = options.choices.length;
  return [
    ...(shown < total ? [`${shown} of ${total}`] : total > pageSize(options) ? [String(total)] : []),
    'up/down',
    'type to filter',
    ...(options.ticked === undefined ? [] : ['space ticks']),
    'enter',
    ...(options.back ? ['esc: back'] : []),
  ].join(' · ');
}

function matching(choices: readonly Choice<unknown>[], filter: string): Choice<unknown>[] {
  const wanted = filter.trim().toLowerCase();
  const has = (text: string | undefined): boolean => text?.toLowerCase().includes(wanted) ?? false;
  const byName = choices.filter(({ name }) => has(name));
  // Hints repeat the names of other choices.
  return byName.length > 0 ? byName : choices.filter(({ hint }) => has(hint));
}

/** Ticked values in the order of the list, so that the order of ticking leaves no trace. */
function inOrder(choices: readonly Choice<unknown>[], ticked: readonly unknown[]): unknown[] {
  return choices.filter(({ value }) => ticked.includes(value)).map(({ value }) => value);
}

function isBack(key: KeypressEvent, line: string, filter: string): boolean {
  return key.name === 'escape' || (line === '' && filter === '' && (key.name === 'left' || isBackspaceKey(key)));
}

function stepOf(key: KeypressEvent, page: number): number | undefined {
  if (isUpKey(key)) return -1;
  if (isDownKey(key)) return 1;
  const steps: Record<string, number> = { pageup: -page, pagedown: page };
  return steps[key.name];
}

function pageSize({ rows }: Screen): number {
  return Math.max(3, Math.min(20, rows - FRAME));
}

function lineOf(
  item: Choice<unknown>,
  isActive: boolean,
  ticked: boolean | undefined,
  options: ChooseOptions<unknown> & Screen,
) {
  const { style, columns, choices } = options;
  const box = ticked === undefined ? '' : ticked ? '[x] ' : '[ ] ';
  const hinted = choices.some(({ hint }) => hint !== undefined && hint !== '');
  const widest = Math.max(...choices.map(({ name }) => stringWidth(name)));
  const room = Math.max(8, columns - 3 - box.length);
  const nameColumns = Math.min(widest, hinted ? Math.min(MAX_NAME, Math.floor(room * 0.6)) : room);
  const name = pad(fit(item.name, nameColumns), nameColumns);
  const hintRoom = room - nameColumns - 2;
  const hint = item.hint && hintRoom > 5 ? `  ${style.dim(fit(item.hint, hintRoom))}` : '';
  const text = `${isActive ? '>' : ' '} ${box}${name}`;
  return `${isActive ? style.mark(text) : text}${hint}`;
}
